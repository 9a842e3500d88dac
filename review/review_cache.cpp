// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/review_cache.h"

#include "git/content_id.h"
#include "git/in_order.h"
#include "review/event_json.h"
#include "review/session_database.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace review {

namespace {

constexpr const char *schema =
    "PRAGMA busy_timeout=500; PRAGMA synchronous=OFF;"
    "CREATE TABLE IF NOT EXISTS reviews (key TEXT PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL,"
    " events BLOB NOT NULL) WITHOUT ROWID";
/// The last ones used within the limit stay.
constexpr const char *evict =
    "DELETE FROM reviews WHERE key IN (SELECT key FROM (SELECT key, SUM(size) OVER (ORDER BY used DESC, key)"
    " AS total FROM reviews) WHERE total > ?)";

std::int64_t now()
{
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

/// The cache's file, opened; made anew when it is damaged.
git::Result<Database> openCache(const std::string &file)
{
    for (const bool again : {false, true}) {
        auto database = Database::open(file, Database::Access::ReadWrite, "the cache of reviews");
        git::Result<void> ready = database ? database->run(schema) : git::Result<void>(database.error());
        if (ready)
            return database;
        std::error_code ignored;
        if (again || ready.error().kind != git::ErrorKind::Parse || !std::filesystem::remove(file, ignored) ||
            !std::ofstream(file))
            return ready.error();
    }
    return git::Error{git::ErrorKind::Internal, "the cache of reviews"};
}

bool isWhole(const std::vector<Event> &events)
{
    const Ended *ended = events.empty() ? nullptr : std::get_if<Ended>(&events.back());
    return ended && ended->state == Ended::State::Complete;
}

/// What of a reviewed file its review depends on, besides its texts. Lengths come first, so that no name can
/// look like the end of another.
void add(std::string &key, const std::string &part)
{
    key += std::to_string(part.size()) + ':' + part;
}

void addLines(std::string &key, const git::LineRange &lines)
{
    key += ' ' + std::to_string(lines.begin) + '-' + std::to_string(lines.end);
}

/// With its lines: a session's hunks may say anything.
void addHunk(std::string &key, const git::Hunk &hunk, bool isChosen)
{
    add(key, hunk.id);
    key += isChosen ? '+' : '-';
    for (const git::Change &change : hunk.changes) {
        addLines(key, change.oldLines);
        addLines(key, change.newLines);
    }
}

/// The lines kept for a key, empty where there are none.
git::Result<std::string> readLines(const std::string &file, const std::string &key)
{
    auto database = openCache(file);
    if (!database)
        return database.error();
    std::string lines;
    {
        Statement select(*database, "SELECT events FROM reviews WHERE key = ?");
        const auto found = select.text(key).next();
        if (!found)
            return found.error();
        if (*found)
            lines = select.column(0);
    }
    Statement use(*database, "UPDATE reviews SET used = ? WHERE key = ?");
    (void)use.number(now()).text(key).run(); // a review that looks unused goes too early, no more
    return lines;
}

git::Result<void> writeLines(const std::string &file, const std::string &key, const std::string &lines)
{
    auto database = openCache(file);
    if (!database)
        return database.error();
    Transaction transaction(*database);
    if (!transaction.begun())
        return transaction.begun();
    Statement insert(*database, "INSERT OR REPLACE INTO reviews VALUES (?, ?, ?, ?)");
    const auto size = static_cast<std::int64_t>(lines.size());
    if (auto done = insert.text(key).number(now()).number(size).bytes(lines).run(); !done)
        return done;
    Statement drop(*database, evict);
    if (auto done = drop.number(static_cast<std::int64_t>(ReviewCache::maxBytes)).run(); !done)
        return done;
    return transaction.commit();
}

} // namespace

std::string reviewKey(const Request &request, const std::string &expertVersion, std::stop_token stop)
{
    std::string key;
    add(key, expertVersion);
    key += std::to_string(static_cast<int>(request.extent));
    for (const std::string &sentence : request.leftOut)
        add(key, sentence);
    for (const Coverage &coverage : request.uncovered)
        add(key, toLine(coverage));

    for (const TeamCard &card : request.teamCards) {
        add(key, card.path);
        add(key, card.text);
    }
    key += '/';
    for (const std::string &rule : request.switchedOff)
        add(key, rule);
    key += '/';

    bool allKnown = true;
    const std::size_t files = request.files.size();
    const auto idOf = [&](std::size_t i) {
        if (stop.stop_requested())
            return std::string();
        if (i >= files)
            return git::contentId(request.context[i - files].text);
        const git::FileTexts &texts = request.files[i].texts;
        const std::string before = git::contentId(texts.oldText);
        const std::string after = git::contentId(texts.newText);
        return before.empty() || after.empty() ? std::string() : before + after;
    };
    git::workInOrder(files + request.context.size(), idOf, [&](std::size_t i, const std::string &id) {
        allKnown = allKnown && !id.empty();
        key += '\n' + id;
        if (i >= files) {
            add(key, request.context[i - files].path);
            add(key, request.context[i - files].edition);
            return;
        }
        const ReviewFile &file = request.files[i];
        add(key, file.delta.oldSide.path);
        add(key, file.delta.newSide.path);
        add(key, file.edition);
        key += std::to_string(static_cast<int>(file.texts.oldKind)) + ',' +
               std::to_string(static_cast<int>(file.texts.newKind));
        for (std::size_t hunk = 0; hunk < file.hunks.size(); ++hunk)
            addHunk(key, file.hunks[hunk], hunk < file.chosen.size() && file.chosen[hunk]);
        for (const auto &excerpt : file.excerpts) {
            key += ' ' + std::to_string(excerpt.oldFirstLine) + ',' + std::to_string(excerpt.newFirstLine);
            addLines(key, excerpt.oldLines);
            addLines(key, excerpt.newLines);
        }
    });
    return allKnown ? git::contentId(key) : std::string();
}

std::optional<std::vector<Event>> ReviewCache::find(const std::string &key) const
{
    std::error_code ignored;
    if (m_folder.empty() || key.empty() || !std::filesystem::exists(file(), ignored))
        return std::nullopt;
    auto lines = readLines(file(), key);
    if (!lines && lines.error().kind == git::ErrorKind::Parse)
        std::filesystem::remove(file(), ignored); // damaged further in
    if (!lines)
        return std::nullopt;
    std::vector<Event> events;
    for (std::string_view rest = *lines; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        auto event = eventOf(rest.substr(0, end));
        if (!event)
            return std::nullopt;
        events.push_back(*std::move(event));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return isWhole(events) ? std::optional(std::move(events)) : std::nullopt;
}

void ReviewCache::keep(const std::string &key, const std::vector<Event> &events) const
{
    if (m_folder.empty() || key.empty() || !isWhole(events))
        return;
    std::string lines;
    for (const Event &event : events)
        lines += toLine(event) + '\n';
    if (lines.size() > maxBytes / 4)
        return;
    std::error_code ignored;
    std::filesystem::create_directories(m_folder, ignored);
    if (!std::filesystem::exists(file(), ignored) && !std::ofstream(file()))
        return;
    const git::Result<void> written = writeLines(file(), key, lines);
    if (!written && written.error().kind == git::ErrorKind::Parse)
        std::filesystem::remove(file(), ignored);
}

} // namespace review
