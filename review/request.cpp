// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/request.h"

#include "git/in_order.h"
#include "review/request_context.h"
#include "review/team_cards.h"

#include <algorithm>
#include <unordered_set>

namespace review {
namespace {

bool isRust(const git::FileDelta &delta)
{
    return delta.path().ends_with(".rs");
}

/// Whether any hunk of the file can be among the selected ones, judged by its name alone.
class FileFilter {
public:
    explicit FileFilter(const Selection &selection) : m_kind(selection.kind)
    {
        for (const HunkId &hunk : selection.hunks)
            m_paths.insert(hunk.path);
    }

    bool takes(const git::FileDelta &delta) const
    {
        switch (m_kind) {
        case Selection::Kind::Rust:
            return isRust(delta);
        case Selection::Kind::All:
            return true;
        case Selection::Kind::Chosen:
            return m_paths.contains(delta.path());
        }
        return false;
    }

private:
    Selection::Kind m_kind;
    std::unordered_set<std::string> m_paths;
};

std::string toName(const git::ResolvedEndpoint &endpoint)
{
    if (endpoint.id.empty() || endpoint.id.starts_with(endpoint.name))
        return endpoint.name.empty() || !endpoint.id.empty() ? endpoint.id.substr(0, 12) : endpoint.name;
    return endpoint.name + " (" + endpoint.id.substr(0, 12) + ')';
}

/// Only the last part of the folder's name: a report is given away, and where the repository lies is nobody's
/// business.
Scope makeScope(const git::Diff &diff)
{
    std::string_view folder = diff.repository;
    while (folder.ends_with('/'))
        folder.remove_suffix(1);
    return {std::string(folder.substr(folder.rfind('/') + 1)), toName(diff.base), toName(diff.head), {}};
}

/// The side whose content is no text that can be compared, in words; empty when both are fine.
std::string whyNotComparable(const git::FileTexts &texts)
{
    for (const git::ContentKind kind : {texts.newKind, texts.oldKind}) {
        if (kind != git::ContentKind::Text && kind != git::ContentKind::Absent)
            return git::toText(kind);
    }
    return {};
}

/// A file's two sides compared, or why they can't be.
struct Compared {
    git::FileTexts texts;
    std::vector<git::Hunk> hunks;
    Coverage::State state = Coverage::State::Reviewed;
    std::string reason;
};

Compared compare(const git::FileDelta &delta, git::Result<git::FileTexts> texts,
                 const std::vector<git::PatchedFile::Excerpt> &excerpts = {})
{
    Compared compared;
    if (!texts) {
        compared.state = Coverage::State::Failed;
        compared.reason = texts.error().message;
    } else if (compared.reason = whyNotComparable(*texts); !compared.reason.empty()) {
        const bool isMissing =
            texts->oldKind == git::ContentKind::Missing || texts->newKind == git::ContentKind::Missing;
        compared.state = isMissing ? Coverage::State::Failed : Coverage::State::Skipped;
    } else if (auto hunks = git::diffHunks(delta.path(), *texts, excerpts); !hunks) {
        compared.state = Coverage::State::Skipped;
        compared.reason = hunks.error().message;
    } else {
        compared.texts = *std::move(texts);
        compared.hunks = *std::move(hunks);
    }
    return compared;
}

/// Builds the request file by file and keeps what must be said about those left out.
class RequestBuilder {
public:
    RequestBuilder(const Selection &selection, Extent extent) : m_selection(selection), m_filter(selection)
    {
        m_request.extent = extent;
    }

    bool takes(const git::FileDelta &delta) const { return m_filter.takes(delta); }
    Request &request() { return m_request; }

    void add(const git::FileDelta &delta, Compared compared,
             std::vector<git::PatchedFile::Excerpt> excerpts = {})
    {
        if (!compared.reason.empty()) {
            leaveOut(delta, compared.state, compared.reason);
            return;
        }
        const std::size_t size = compared.texts.oldText.size() + compared.texts.newText.size();
        if (m_bytes + size > maxReviewBytes) {
            leaveOut(delta, Coverage::State::Skipped,
                     "a review is cut at " + std::to_string(maxReviewBytes >> 20) +
                         " MiB of text; choose fewer files");
            return;
        }
        ReviewFile file;
        file.hunks = std::move(compared.hunks);
        bool any = m_request.extent == Extent::WholeFiles && m_selection.kind != Selection::Kind::Chosen;
        for (const git::Hunk &hunk : file.hunks) {
            const bool isChosen = m_selection.kind != Selection::Kind::Chosen ||
                                  m_selection.hunks.contains({delta.path(), hunk.id});
            file.chosen.push_back(isChosen);
            any |= isChosen;
        }
        if (!any)
            return;
        m_bytes += size;
        file.delta = delta;
        file.texts = std::move(compared.texts);
        file.excerpts = std::move(excerpts);
        m_request.files.push_back(std::move(file));
    }

private:
    void leaveOut(const git::FileDelta &delta, Coverage::State state, const std::string &reason)
    {
        m_request.uncovered.push_back({delta.path(), {}, {}, state, reason});
    }

    const Selection &m_selection;
    FileFilter m_filter;
    Request m_request;
    std::size_t m_bytes = 0;
};

git::Error stopped()
{
    return {git::ErrorKind::Cancelled, "Reading the files to review was stopped."};
}

/// Editions of the reviewed files, and the Rust files around them.
bool addSurroundings(Request &request, const git::Repository &repository, const git::Diff &diff,
                     std::stop_token stop, const std::function<void()> &step)
{
    const auto listed = repository.files(diff.head, stop);
    if (!listed) {
        request.leftOut.push_back("The files around the change were not read: " + listed.error().message);
        return listed.error().kind != git::ErrorKind::Cancelled;
    }
    Crates crates(repository, diff.head, *listed);
    std::set<std::string> reviewed;
    PathWords named;
    for (ReviewFile &file : request.files) {
        if (!isRust(file.delta))
            continue;
        if (stop.stop_requested())
            return false;
        file.edition = crates.editionOf(file.delta.path());
        reviewed.insert(file.delta.path());
        addPathWords(file.texts.oldText, named);
        addPathWords(file.texts.newText, named);
    }
    const auto plan = planContext(*listed, crates, reviewed, named);
    if (!readContext(request, repository, diff.head, plan, crates, stop, step))
        return false;
    if (crates.unreadable() > 0)
        request.leftOut.push_back(counted(crates.unreadable(), "Cargo.toml file") +
                                  " could not be read; the edition of their files is not known.");
    return true;
}

} // namespace

git::Result<Request> makeRequest(const git::Repository &repository, const git::Diff &diff,
                                 const Selection &selection, Extent extent, std::stop_token stop,
                                 const Progress &progress)
{
    RequestBuilder builder(selection, extent);
    std::vector<const git::FileDelta *> deltas;
    for (const git::FileDelta &delta : diff.files) {
        if (builder.takes(delta))
            deltas.push_back(&delta);
    }
    std::size_t done = 0;
    const auto step = [&] {
        ++done;
        if (progress)
            progress(std::min(done, deltas.size()), deltas.size());
    };
    git::workInOrder(
        deltas.size(),
        [&](std::size_t i) {
            return stop.stop_requested() ? Compared()
                                         : compare(*deltas[i], repository.texts(diff, *deltas[i]));
        },
        [&](std::size_t i, Compared compared) {
            if (stop.stop_requested())
                return;
            builder.add(*deltas[i], std::move(compared));
            step();
        });
    if (stop.stop_requested())
        return stopped();
    Request &request = builder.request();
    request.scope = makeScope(diff);
    if (!request.files.empty() && !addSurroundings(request, repository, diff, stop, step))
        return stopped();
    addTeamCards(request, repository, diff, stop);
    return std::move(request);
}

Request makeRequest(const git::Patch &patch, const Selection &selection)
{
    RequestBuilder builder(selection, Extent::Hunks);
    for (const git::PatchedFile &file : patch.files) {
        if (builder.takes(file.delta))
            builder.add(file.delta, compare(file.delta, file.texts, file.excerpts), file.excerpts);
    }
    Request &request = builder.request();
    request.scope = makeScope(patch.diff);
    if (!request.files.empty())
        request.leftOut.push_back("Only the lines that the patch shows were read: the rest of " +
                                  counted(request.files.size(), "file") +
                                  ", the edition and all other files are not known.");
    return std::move(request);
}

std::uint32_t realLine(const ReviewFile &file, git::Side side, std::uint32_t line)
{
    const bool isOld = side == git::Side::Old;
    for (const git::PatchedFile::Excerpt &excerpt : file.excerpts) {
        const git::LineRange &lines = isOld ? excerpt.oldLines : excerpt.newLines;
        const std::uint32_t first = isOld ? excerpt.oldFirstLine : excerpt.newFirstLine;
        const bool isLast = &excerpt == &file.excerpts.back();
        if (line >= lines.begin && (line < lines.end || (isLast && line == lines.end)))
            return first + (line - lines.begin);
    }
    return line;
}

} // namespace review
