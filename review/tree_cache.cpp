// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/tree_cache.h"

#include "review/session_database.h"

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

namespace review {

namespace {

constexpr const char *schema =
    "PRAGMA busy_timeout=500; PRAGMA synchronous=OFF; PRAGMA page_size=16384;"
    "CREATE TABLE IF NOT EXISTS trees (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
    " used INTEGER NOT NULL, size INTEGER NOT NULL, sum INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS trees_by_use ON trees (used DESC, number, size)";
/// The last ones used within the limit stay.
constexpr const char *evict =
    "DELETE FROM trees WHERE number IN (SELECT number FROM (SELECT number, SUM(size) OVER"
    " (ORDER BY used DESC, number) AS total FROM trees) WHERE total > ?)";
constexpr std::int64_t hour = 3600;

std::int64_t now()
{
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

/// Tells bytes that a failing disk changed, or that belong to another key, from those that were kept.
std::int64_t sumOf(std::string_view key, std::string_view bytes)
{
    std::uint64_t sum = bytes.size();
    const auto mix = [&sum](std::uint64_t word) {
        sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
        sum ^= sum >> 29;
    };
    for (const char c : key)
        mix(static_cast<unsigned char>(c));
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= bytes.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, sizeof word);
        mix(word);
    }
    for (; at < bytes.size(); ++at)
        mix(static_cast<unsigned char>(bytes[at]));
    return static_cast<std::int64_t>(sum);
}

} // namespace

struct TreeCache::Connection {
    Database database;
    std::optional<Statement> find;

    explicit Connection(Database opened) : database(std::move(opened))
    {
        find.emplace(database, "SELECT number, used, sum, bytes FROM trees WHERE key = ?");
    }
};

TreeCache::TreeCache(const std::string &folder, const std::string &version)
    : m_folder(folder)
    , m_version(version.substr(0, 16) + ':')
{}

TreeCache::~TreeCache() = default;

/// The file, opened; made anew when it is damaged. Null when there is none, or when it can't be used now.
TreeCache::Connection *TreeCache::connection(bool makeFile)
{
    if (m_connection || m_folder.empty() || m_isUnusable)
        return m_connection.get();
    std::error_code ignored;
    if (makeFile)
        std::filesystem::create_directories(m_folder, ignored);
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (!std::filesystem::exists(file(), ignored) && (!makeFile || !std::ofstream(file(), std::ios::app)))
            return nullptr;
        auto database = Database::open(file(), Database::Access::ReadWrite, "the cache of trees");
        const git::Result<void> ready =
            database ? database->run(schema) : git::Result<void>(database.error());
        if (ready) {
            m_connection = std::make_unique<Connection>(*std::move(database));
            return m_connection.get();
        }
        if (ready.error().kind != git::ErrorKind::Parse) {
            m_isUnusable = true;
            return nullptr;
        }
        std::filesystem::remove(file(), ignored);
    }
    m_isUnusable = true;
    return nullptr;
}

/// After a failure: a damaged file is removed, and whatever comes begins with a new connection. Where another
/// process keeps it, or the disk is full, it is not waited for again.
void TreeCache::forget(const git::Error &error)
{
    m_connection.reset();
    m_stale.clear();
    std::error_code ignored;
    if (error.kind == git::ErrorKind::Parse)
        std::filesystem::remove(file(), ignored);
    else
        m_isUnusable = true;
}

std::string TreeCache::tree(const std::string &id)
{
    const std::lock_guard lock(m_mutex);
    Connection *cache = connection(false);
    if (!cache)
        return {};
    std::string bytes;
    Statement &select = *cache->find;
    const std::string key = keyOf(id);
    const auto there = select.text(key).next();
    if (there && *there && select.numberColumn(2) == sumOf(key, select.column(3))) {
        bytes = select.column(3);
        if (select.numberColumn(1) < now() - hour)
            m_stale.push_back(select.numberColumn(0));
    }
    select.reset();
    if (!there)
        forget(there.error());
    return bytes;
}

void TreeCache::keep(const std::vector<KeptTree> &trees)
{
    const std::lock_guard lock(m_mutex);
    Connection *cache = connection(true);
    if (!cache)
        return;
    const auto write = [&]() -> git::Result<void> {
        Transaction transaction(cache->database);
        if (!transaction.begun())
            return transaction.begun();
        Statement insert(cache->database, "INSERT OR REPLACE INTO trees (key, used, size, sum, bytes)"
                                          " VALUES (?, ?, ?, ?, ?)");
        for (const KeptTree &tree : trees) {
            const std::string key = keyOf(tree.id);
            insert.text(key).number(now()).number(static_cast<std::int64_t>(tree.bytes.size()));
            if (auto done = insert.number(sumOf(key, tree.bytes)).bytes(tree.bytes).run(); !done)
                return done;
        }
        return transaction.commit();
    };
    m_isGrown = true;
    if (const auto written = write(); !written)
        forget(written.error());
}

void TreeCache::tidy()
{
    const std::lock_guard lock(m_mutex);
    if (!m_connection || (m_stale.empty() && !m_isGrown))
        return;
    const auto write = [&]() -> git::Result<void> {
        Database &database = m_connection->database;
        Transaction transaction(database);
        if (!transaction.begun())
            return transaction.begun();
        Statement use(database, "UPDATE trees SET used = ? WHERE number = ?");
        for (const std::int64_t number : m_stale) {
            if (auto done = use.number(now()).number(number).run(); !done)
                return done;
        }
        Statement total(database, "SELECT SUM(size) FROM trees");
        const auto sum = total.next();
        if (!sum)
            return sum.error();
        const bool isTooMuch = total.numberColumn(0) > static_cast<std::int64_t>(maxBytes);
        total.reset();
        if (isTooMuch) {
            Statement drop(database, evict);
            if (auto done = drop.number(static_cast<std::int64_t>(maxBytes / 2)).run(); !done)
                return done;
        }
        return transaction.commit();
    };
    const auto written = write();
    m_stale.clear();
    m_isGrown = false;
    if (!written)
        forget(written.error());
}

} // namespace review
