// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/embedded/parsed_sides.h"

#include <algorithm>
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

ParsedSides::ParsedSides(const Request &request, const std::string &cacheFolder, std::stop_token stop,
                         Whereabouts &whereabouts)
    : m_request(request)
    , m_stop(std::move(stop))
    , m_whereabouts(whereabouts)
    , m_trees(cacheFolder, m_stop)
    , m_headFiles(request.files.size())
    , m_errors(request.files.size())
{
    buildHead();
}

/// Where it cannot be read, `error` says why, unless that is null.
std::shared_ptr<const rust::SourceFile> ParsedSides::makeSource(const std::string &path,
                                                                const std::string &text,
                                                                const std::string &edition,
                                                                std::string *error)
{
    return std::make_shared<const rust::SourceFile>(
        path, text, edition, [this, &text, error](const rust::SourceFile &source) {
            auto tree = m_trees.tree(text);
            if (tree)
                return std::make_unique<rust::File>(source.path(), source.edition(), *std::move(tree));
            if (error)
                *error = tree.error().message;
            return std::unique_ptr<rust::File>();
        });
}

void ParsedSides::readAll(const Sources &sources)
{
    for (const auto &source : sources) {
        if (!source || m_stop.stop_requested())
            continue;
        const auto stay = m_whereabouts.at(source->path());
        source->file();
    }
}

void ParsedSides::buildHead()
{
    std::set<std::string_view> paths;
    for (std::size_t i = 0; i < m_request.files.size(); ++i) {
        const ReviewFile &file = m_request.files[i];
        paths.insert(file.delta.path());
        if (reasonToSkip(file).empty())
            m_headFiles[i] =
                makeSource(file.delta.newSide.path, file.texts.newText, file.edition, &m_errors[i]);
    }
    for (const ContextFile &file : m_request.context) {
        if (!paths.contains(file.path))
            m_context.push_back(makeSource(file.path, file.text, file.edition, nullptr));
    }
    link(m_head, m_headFiles);
    if (m_whereabouts.threads() == 1)
        readAll(m_context);
}

/// A side of the files to review and what surrounds them.
void ParsedSides::link(rust::Model &model, const Sources &files)
{
    if (m_whereabouts.threads() == 1)
        readAll(files);
    for (const Sources *sources : {&files, &std::as_const(m_context)}) {
        for (const auto &source : *sources) {
            if (source)
                model.add(source);
        }
    }
    model.link(m_whereabouts.threads(), m_stop);
}

ParsedFile ParsedSides::parsed(std::size_t file) const
{
    const auto &source = m_headFiles[file];
    if (!source)
        return {nullptr, Coverage::State::Skipped, reasonToSkip(m_request.files[file])};
    if (source->hasFailed())
        return {nullptr, Coverage::State::Failed, m_errors[file]};
    return {source->fileIfRead(), Coverage::State::Reviewed, {}};
}

std::size_t ParsedSides::contextFailures() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(m_context, [](const auto &source) { return source->hasFailed(); }));
}

const rust::Model &ParsedSides::base()
{
    std::call_once(m_baseBuilt, [this] { buildBase(); });
    return *m_base;
}

const rust::File *ParsedSides::baseOf(std::size_t file)
{
    std::call_once(m_baseBuilt, [this] { buildBase(); });
    return m_baseFiles[file] ? m_baseFiles[file]->file() : nullptr;
}

void ParsedSides::buildBase()
{
    m_base.emplace();
    m_baseFiles.resize(m_request.files.size());
    for (std::size_t i = 0; i < m_request.files.size(); ++i) {
        const ReviewFile &file = m_request.files[i];
        if (file.texts.oldKind == git::ContentKind::Text && file.delta.oldSide.path.ends_with(".rs"))
            m_baseFiles[i] = makeSource(file.delta.oldSide.path, file.texts.oldText, file.edition, nullptr);
    }
    link(*m_base, m_baseFiles);
}

} // namespace review::embedded
