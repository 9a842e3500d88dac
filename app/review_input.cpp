// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/review_input.h"

#include "app/console.h"
#include "app/temporary_folder.h"
#include "git/display.h"
#include "git/patch.h"
#include "git/repository.h"
#include "review/sample.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace app {
namespace {

using git::Result;

constexpr std::size_t maxPatchBytes = 64u << 20;

struct CloseFile {
    void operator()(std::FILE *stream) const
    {
        if (stream != stdin)
            std::fclose(stream);
    }
};

Result<std::string> readPatch(const std::string &file)
{
    const auto fails = [&] {
        return git::Error{git::ErrorKind::NotFound,
                          "Cannot read the patch " + git::displayName(file) + ": " + std::strerror(errno)};
    };
    const std::unique_ptr<std::FILE, CloseFile> stream(file == "-" ? stdin : std::fopen(file.c_str(), "rb"));
    if (!stream)
        return fails();
    std::string bytes;
    char buffer[1 << 16];
    while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, stream.get())) {
        bytes.append(buffer, size);
        if (bytes.size() > maxPatchBytes)
            return git::Error{git::ErrorKind::InvalidInput,
                              "The patch " + git::displayName(file) + " is larger than 64 MiB."};
    }
    if (std::ferror(stream.get()))
        return fails();
    return bytes;
}

review::Selection selectionOf(const ReviewCommand &command)
{
    using Kind = review::Selection::Kind;
    return {command.allHunks ? Kind::All : Kind::Rust, {}};
}

/// `sample` is the folder the repository lies in, if it is the sample's: it lives as long as the input.
Result<ReviewInput> readRepository(const std::string &path, const ReviewCommand &command,
                                   std::stop_token stop, const review::Progress &progress,
                                   std::shared_ptr<TemporaryFolder> sample = {})
{
    auto opened = git::Repository::open(path);
    if (!opened)
        return opened.error();
    const auto repository = std::make_shared<const git::Repository>(*std::move(opened));
    for (const std::string &warning : repository->warnings())
        printMessage(warning);
    auto diff = repository->diff(command.range, command.paths, stop);
    if (!diff)
        return diff.error();
    const auto extent = command.wholeFiles ? review::Extent::WholeFiles : review::Extent::Hunks;
    auto request = review::makeRequest(*repository, *diff, selectionOf(command), extent, stop, progress);
    if (!request)
        return request.error();
    request->scope.range = git::toText(command.range);

    const auto readFile = [repository, sample,
                           diff = *diff](std::size_t index) -> Result<review::ReviewFile> {
        auto texts = repository->texts(diff, diff.files[index]);
        if (!texts)
            return texts.error();
        return review::makeShownFile(diff.files[index], *std::move(texts));
    };
    return ReviewInput{*std::move(diff), *std::move(request), readFile};
}

Result<ReviewInput> readSample(const ReviewCommand &command, std::stop_token stop,
                               const review::Progress &progress)
{
    auto folder = TemporaryFolder::make("ferriscope-sample");
    if (!folder)
        return folder.error();
    const auto owner = std::make_shared<TemporaryFolder>(*std::move(folder));
    const auto repository = review::makeSampleRepository(owner->path() + "/kvstore");
    if (!repository)
        return repository.error();
    ReviewCommand sample = command;
    sample.range = *git::parseRange("main...feature");
    auto input = readRepository(*repository, sample, stop, progress, owner);
    if (input)
        input->diff.repository.clear(); // it is gone when the report is read
    return input;
}

Result<ReviewInput> readPatchInput(const ReviewCommand &command)
{
    const auto bytes = readPatch(command.patch);
    if (!bytes)
        return bytes.error();
    auto parsed = git::parsePatch(*bytes, command.patch == "-" ? "standard input" : command.patch);
    if (!parsed)
        return parsed.error();
    const auto patch = std::make_shared<const git::Patch>(*std::move(parsed));
    review::Request request = review::makeRequest(*patch, selectionOf(command));
    if (command.wholeFiles)
        request.leftOut.push_back("A patch shows only its hunks: whole files could not be reviewed.");
    const auto readFile = [patch](std::size_t index) -> Result<review::ReviewFile> {
        const git::PatchedFile &file = patch->files[index];
        return review::makeShownFile(file.delta, file.texts, file.excerpts);
    };
    return ReviewInput{patch->diff, std::move(request), readFile};
}

} // namespace

Result<ReviewInput> readInput(const ReviewCommand &command, std::stop_token stop,
                              const review::Progress &progress)
{
    if (command.sample)
        return readSample(command, stop, progress);
    if (!command.patch.empty())
        return readPatchInput(command);
    return readRepository(command.repository, command, stop, progress);
}

} // namespace app
