// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/request_context.h"

#include "git/display.h"
#include "git/in_order.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>
#include <tuple>

namespace review {
namespace {

/// A manifest is a page of text; what is larger is none.
constexpr std::uint64_t maxManifestBytes = 1u << 20;
/// The parser's own bound: a larger file would be read for nothing.
constexpr std::uint64_t maxContextFileBytes = 2u << 20;

bool isRegular(const git::TreeFile &file)
{
    return (file.mode & 0170000) == 0100000;
}

/// "a/b" of "a" and "b", where ".." of `part` goes up. Never above the top.
std::string joined(std::string_view folder, std::string_view part)
{
    std::string result(folder);
    while (!part.empty()) {
        const std::size_t slash = std::min(part.find('/'), part.size());
        const std::string_view name = part.substr(0, slash);
        part.remove_prefix(std::min(slash + 1, part.size()));
        if (name == "..")
            result = std::string(folderPart(result));
        else if (!name.empty() && name != ".")
            result += (result.empty() ? "" : "/") + std::string(name);
    }
    return result;
}

/// How many folders one walks, up and down, to the nearest folder of a reviewed file. The tables are small:
/// only folders above reviewed files.
class Distances {
public:
    explicit Distances(const std::set<std::string> &reviewed)
    {
        for (const std::string &path : reviewed) {
            std::string_view folder = folderPart(path);
            for (std::size_t down = 0;; ++down, folder = folderPart(folder)) {
                const auto [entry, isNew] = m_down.try_emplace(std::string(folder), down);
                if (!isNew && entry->second <= down)
                    break; // everything above is as near already
                entry->second = down;
                if (folder.empty())
                    break;
            }
        }
    }

    std::size_t to(std::string_view path) const
    {
        std::size_t nearest = std::numeric_limits<std::size_t>::max();
        std::string_view folder = folderPart(path);
        for (std::size_t up = 0;; ++up, folder = folderPart(folder)) {
            if (const auto entry = m_down.find(std::string(folder)); entry != m_down.end())
                nearest = std::min(nearest, up + entry->second);
            if (folder.empty())
                return nearest;
        }
    }

private:
    std::unordered_map<std::string, std::size_t> m_down; ///< steps down to a reviewed file's folder
};

/// Whether a path, relative to its crate, is code that other code of the crate can see.
bool isLibraryCode(std::string_view inCrate)
{
    for (const std::string_view folder : {"tests/", "benches/", "examples/", "target/"}) {
        if (inCrate.starts_with(folder))
            return false;
    }
    return inCrate != "build.rs";
}

/// Whether a file of a reviewed crate is one of the modules that the change names, or the crate's root.
bool isNamed(std::string_view inCrate, const PathWords &named)
{
    std::string_view module = inCrate.substr(0, inCrate.rfind('.'));
    if (module.ends_with("/mod"))
        module = folderPart(module);
    module = module.substr(module.rfind('/') + 1);
    return module == "lib" || named.contains(module);
}

struct Planned {
    bool isFar = false; ///< not named
    std::size_t distance = 0;
    const git::TreeFile *file = nullptr;
};

} // namespace

std::string_view folderPart(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string counted(std::size_t number, const std::string &noun)
{
    return std::to_string(number) + ' ' + noun + (number == 1 ? "" : "s");
}

Crates::Crates(const git::Repository &repository, const git::ResolvedEndpoint &endpoint,
               const std::vector<git::TreeFile> &files)
    : m_repository(repository)
    , m_endpoint(endpoint)
{
    for (const git::TreeFile &file : files) {
        if (isRegular(file) && (file.path == "Cargo.toml" || file.path.ends_with("/Cargo.toml")))
            m_manifestFiles.emplace(folderPart(file.path), &file);
    }
}

std::string Crates::folderOf(std::string_view path) const
{
    std::string folder(path);
    do {
        folder = folderPart(folder);
        if (m_manifestFiles.contains(folder))
            return folder;
    } while (!folder.empty());
    return {};
}

const Manifest *Crates::manifestIn(const std::string &folder)
{
    const auto file = m_manifestFiles.find(folder);
    if (file == m_manifestFiles.end())
        return nullptr;
    const auto [entry, isNew] = m_manifests.try_emplace(folder);
    if (isNew) {
        if (const auto bytes = m_repository.read(m_endpoint, *file->second, maxManifestBytes))
            entry->second = parseManifest(*bytes);
        else
            ++m_unreadable;
    }
    return &entry->second;
}

const Manifest *Crates::workspaceRootOf(const std::string &folder, const Manifest &package)
{
    if (!package.workspacePath.empty())
        return manifestIn(joined(folder, package.workspacePath));
    std::string above = folder;
    for (;;) {
        const Manifest *manifest = manifestIn(above);
        if (manifest && manifest->hasWorkspace)
            return manifest;
        if (above.empty())
            return nullptr;
        above = folderPart(above);
    }
}

std::string Crates::editionOf(std::string_view path)
{
    const std::string folder = folderOf(path);
    const Manifest *package = manifestIn(folder);
    if (!package)
        return {};
    return review::editionOf(*package,
                             package->editionFromWorkspace ? workspaceRootOf(folder, *package) : nullptr);
}

void addPathWords(std::string_view text, PathWords &words)
{
    const auto isInWord = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (c >= 'A' && c <= 'Z');
    };
    for (std::size_t at = text.find("::"); at != std::string_view::npos; at = text.find("::", at + 2)) {
        std::size_t begin = at;
        while (begin > 0 && isInWord(text[begin - 1]))
            --begin;
        if (begin < at)
            words.emplace(text.substr(begin, at - begin));
    }
}

std::vector<const git::TreeFile *> planContext(const std::vector<git::TreeFile> &files, const Crates &crates,
                                               const std::set<std::string> &reviewed, const PathWords &named)
{
    std::set<std::string> folders;
    for (const std::string &path : reviewed)
        folders.insert(crates.folderOf(path));
    const Distances distances(reviewed);
    std::vector<Planned> found;
    for (const git::TreeFile &file : files) {
        if (!file.path.ends_with(".rs") || !isRegular(file) || reviewed.contains(file.path))
            continue;
        const std::string crate = crates.folderOf(file.path);
        const std::string_view inCrate =
            std::string_view(file.path).substr(crate.empty() ? 0 : crate.size() + 1);
        if (folders.contains(crate) && isLibraryCode(inCrate))
            found.push_back({!isNamed(inCrate, named), distances.to(file.path), &file});
    }
    std::sort(found.begin(), found.end(), [](const Planned &a, const Planned &b) {
        return std::tie(a.isFar, a.distance, a.file->path) < std::tie(b.isFar, b.distance, b.file->path);
    });
    std::vector<const git::TreeFile *> plan;
    plan.reserve(found.size());
    for (const Planned &planned : found)
        plan.push_back(planned.file);
    return plan;
}

bool readContext(Request &request, const git::Repository &repository, const git::ResolvedEndpoint &endpoint,
                 const std::vector<const git::TreeFile *> &plan, Crates &crates, std::stop_token stop,
                 const std::function<void()> &step)
{
    std::size_t bytes = 0;
    std::size_t beyond = 0;
    std::size_t unread = 0;
    std::atomic<bool> isFull = false;
    const auto read = [&](std::size_t i) -> std::optional<git::Result<std::string>> {
        if (isFull || stop.stop_requested())
            return std::nullopt;
        return repository.read(endpoint, *plan[i], maxContextFileBytes);
    };
    const auto take = [&](std::size_t i, std::optional<git::Result<std::string>> text) {
        if (stop.stop_requested())
            return;
        step();
        const git::TreeFile &file = *plan[i];
        // The nearest first: a far file is not taken because it happens to be small.
        const bool isRead = text && *text;
        const std::uint64_t size = isRead ? (*text)->size() : file.size;
        isFull = isFull || bytes + std::max(size, file.size) > maxContextBytes || bytes == maxContextBytes;
        if (isFull) {
            ++beyond;
        } else if (!isRead) {
            ++unread;
        } else {
            bytes += size;
            request.context.push_back({file.path, **std::move(text), crates.editionOf(file.path)});
        }
    };
    git::workInOrder(plan.size(), read, take);
    if (stop.stop_requested())
        return false;
    if (beyond > 0)
        request.leftOut.push_back(counted(beyond, "Rust file") + " of the same crates " +
                                  (beyond == 1 ? "was" : "were") +
                                  " not read for types and locks: what surrounds a review is cut at " +
                                  std::to_string(maxContextBytes >> 20) + " MiB.");
    if (unread > 0)
        request.leftOut.push_back(counted(unread, "Rust file") +
                                  " of the same crates could not be read for " +
                                  "types and locks (too large, or not there).");
    return true;
}

} // namespace review
