// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/parsed_sides.h"

#include "git/in_order.h"

#include <set>
#include <string_view>
#include <utility>

namespace review::embedded {

namespace {

/// Why a file is not to be parsed; empty when it is.
std::string reasonToSkip(const ReviewFile &file)
{
    if (!file.delta.path().ends_with(".rs"))
        return "not a Rust file";
    switch (file.texts.newKind) {
    case git::ContentKind::Text:
        return {};
    case git::ContentKind::Absent:
        return "the file is deleted";
    case git::ContentKind::TooLarge:
        return "the file is too large to be analysed";
    default:
        return std::string("not a text file: ") + git::toText(file.texts.newKind);
    }
}

} // namespace

/// A text on its way to a File.
struct ParsedSides::Source {
    const std::string &path;
    const std::string &text;
    const std::string &edition;
    std::unique_ptr<rust::File> file;
    std::string error;

    void load(TreeStore &trees)
    {
        if (auto tree = trees.tree(text))
            file = std::make_unique<rust::File>(path, edition, std::move(*tree));
        else
            error = tree.error().message;
    }
};

void ParsedSides::loadAll(std::vector<Source> &sources)
{
    git::workInOrder(
        sources.size(),
        [&](std::size_t i) {
            const auto stay = m_whereabouts.at(sources[i].path);
            if (!m_stop.stop_requested())
                sources[i].load(m_trees);
            return true;
        },
        [](std::size_t, bool) {}, m_whereabouts.threads());
}

ParsedSides::ParsedSides(const Request &request, const std::string &cacheFolder, std::stop_token stop,
                         Whereabouts &whereabouts)
    : m_request(request)
    , m_stop(std::move(stop))
    , m_whereabouts(whereabouts)
    , m_trees(cacheFolder, m_stop)
    , m_files(request.files.size())
{
    parseHead();
}

void ParsedSides::parseHead()
{
    std::vector<Source> sources;
    std::vector<std::size_t> owners;
    std::set<std::string_view> paths;
    for (std::size_t i = 0; i < m_request.files.size(); ++i) {
        const ReviewFile &file = m_request.files[i];
        paths.insert(file.delta.path());
        if (std::string reason = reasonToSkip(file); !reason.empty()) {
            m_files[i] = {nullptr, Coverage::State::Skipped, std::move(reason)};
            continue;
        }
        sources.push_back({file.delta.newSide.path, file.texts.newText, file.edition, nullptr, {}});
        owners.push_back(i);
    }
    for (const ContextFile &file : m_request.context) {
        if (!paths.contains(file.path))
            sources.push_back({file.path, file.text, file.edition, nullptr, {}});
    }
    loadAll(sources);

    for (std::size_t i = 0; i < sources.size(); ++i) {
        Source &source = sources[i];
        if (i < owners.size()) {
            ParsedFile &file = m_files[owners[i]];
            file.head = source.file.get();
            if (!file.head)
                file = {nullptr, Coverage::State::Failed, source.error};
        } else if (!source.file) {
            ++m_contextFailures;
        }
        if (source.file)
            m_head.add(std::move(source.file));
    }
    m_head.link();
}

const rust::Model &ParsedSides::base()
{
    std::call_once(m_baseBuilt, [this] { buildBase(); });
    return *m_base;
}

const rust::File *ParsedSides::baseOf(std::size_t file)
{
    std::call_once(m_baseBuilt, [this] { buildBase(); });
    return m_baseFiles[file];
}

void ParsedSides::buildBase()
{
    m_base.emplace();
    m_baseFiles.assign(m_request.files.size(), nullptr);
    std::vector<Source> sources;
    std::vector<std::size_t> owners;
    std::set<const rust::File *> changed;
    for (std::size_t i = 0; i < m_request.files.size(); ++i) {
        const ReviewFile &file = m_request.files[i];
        changed.insert(m_files[i].head);
        if (file.texts.oldKind != git::ContentKind::Text || !file.delta.oldSide.path.ends_with(".rs"))
            continue;
        sources.push_back({file.delta.oldSide.path, file.texts.oldText, file.edition, nullptr, {}});
        owners.push_back(i);
    }
    loadAll(sources);
    for (std::size_t i = 0; i < sources.size(); ++i) {
        m_baseFiles[owners[i]] = sources[i].file.get();
        if (sources[i].file)
            m_base->add(std::move(sources[i].file));
    }
    for (const auto &file : m_head.files()) {
        if (m_stop.stop_requested())
            break;
        if (!changed.contains(file.get()))
            m_base->add(std::make_unique<rust::File>(
                file->path(), file->editionKnown() ? file->edition() : "", file->sharedTree()));
    }
    m_base->link();
}

} // namespace review::embedded
