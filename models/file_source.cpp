// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/file_source.h"

#include "git/display.h"
#include "review/missing_texts.h"

namespace models {

namespace {

git::ContentKind kindOf(const git::TreeFile &file, const std::string &bytes)
{
    constexpr std::uint32_t link = 0120000;
    constexpr std::size_t lookedAt = 8000; // as git does
    if (file.mode == link)
        return git::ContentKind::Symlink;
    return bytes.substr(0, lookedAt).find('\0') == std::string::npos ? git::ContentKind::Text
                                                                     : git::ContentKind::Binary;
}

/// A file known by its path only (a finding's place names no more) is looked up among all files.
git::Result<git::TreeFile> listedFile(const git::Repository &repository, const git::ResolvedEndpoint &head,
                                      const git::TreeFile &file)
{
    if (file.mode != 0)
        return file;
    const git::Result<std::vector<git::TreeFile>> files = repository.files(head);
    if (!files)
        return files.error();
    for (const git::TreeFile &listed : *files)
        if (listed.path == file.path)
            return listed;
    return git::Error{git::ErrorKind::NotFound,
                      git::displayName(file.path) + " is not in " + head.name + "."};
}

} // namespace

FileSource::FileSource(const Opened &opened)
    : m_kind(opened.kind)
    , m_path(opened.path)
    , m_diff(opened.session.diff)
    , m_patch(opened.patch)
{}

void FileSource::keep(int file, const std::vector<review::ReviewFile> &reviewed)
{
    const std::size_t index = std::size_t(file);
    if (index >= reviewed.size() || !review::hasTexts(reviewed[index]))
        return;
    m_keptFile = file;
    m_kept = {reviewed[index].texts, reviewed[index].excerpts};
}

git::Result<SourceTexts> FileSource::read(int file) const
{
    const std::size_t index = std::size_t(file);
    if (file == m_keptFile)
        return m_kept;
    if (m_kind == Opened::Kind::Patch)
        return SourceTexts{m_patch->files[index].texts, m_patch->files[index].excerpts};
    if (m_kind == Opened::Kind::Session)
        return git::Error{git::ErrorKind::NotFound,
                          "The saved review does not hold this file's text. Open the repository to see it."};
    const git::Result<git::Repository> repository = git::Repository::open(m_path);
    if (!repository)
        return repository.error();
    git::Result<git::FileTexts> texts = repository->texts(m_diff, m_diff.files[index]);
    if (!texts)
        return texts.error();
    return SourceTexts{std::move(*texts), {}};
}

git::Result<git::FileTexts> FileSource::readUnchanged(const git::TreeFile &file) const
{
    constexpr std::uint32_t submodule = 0160000;
    if (file.mode == submodule)
        return git::FileTexts{git::ContentKind::Submodule, git::ContentKind::Submodule, {}, {}};
    if (m_kind != Opened::Kind::Repository)
        return git::Error{git::ErrorKind::NotFound,
                          git::displayName(file.path) +
                              " did not change, and only changed files are kept here. Open the repository "
                              "to see it."};
    const git::Result<git::Repository> repository = git::Repository::open(m_path);
    if (!repository)
        return repository.error();
    git::Result<git::TreeFile> listed = listedFile(*repository, m_diff.head, file);
    if (!listed)
        return listed.error();
    git::Result<std::string> bytes = repository->read(m_diff.head, *listed);
    if (!bytes)
        return bytes.error();
    const git::ContentKind kind = kindOf(*listed, *bytes);
    if (kind == git::ContentKind::Binary)
        bytes->clear();
    return git::FileTexts{kind, kind, *bytes, *bytes};
}

git::Result<std::vector<git::TreeFile>> FileSource::allFiles(std::stop_token stop) const
{
    if (m_kind == Opened::Kind::Repository) {
        const git::Result<git::Repository> repository = git::Repository::open(m_path);
        if (!repository)
            return repository.error();
        return repository->files(m_diff.head, stop);
    }
    std::vector<git::TreeFile> files;
    for (const git::FileDelta &delta : m_diff.files)
        files.push_back({delta.path(), delta.newSide.id, delta.newSide.mode, 0});
    return files;
}

review::IndexedFiles readMissingTexts(const Opened &opened, std::stop_token stop)
{
    if (opened.kind == Opened::Kind::Session)
        return {};
    const auto read = [&, source = FileSource(opened)](std::size_t index) -> git::Result<review::ReviewFile> {
        git::Result<SourceTexts> texts = source.read(int(index));
        if (!texts)
            return texts.error();
        return review::makeShownFile(opened.session.diff.files[index], std::move(texts->texts),
                                     std::move(texts->excerpts));
    };
    return review::readMissingTexts(opened.whole(), read, stop);
}

} // namespace models
