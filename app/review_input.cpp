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

Result<ReviewInput> readRepository(const std::string &path, const ReviewCommand &command,
                                   std::stop_token stop, const review::Progress &progress)
{
    const auto repository = git::Repository::open(path);
    if (!repository)
        return repository.error();
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
    return ReviewInput{*std::move(diff), *std::move(request)};
}

Result<ReviewInput> readSample(const ReviewCommand &command, std::stop_token stop,
                               const review::Progress &progress)
{
    const auto folder = TemporaryFolder::make("ferriscope-sample");
    if (!folder)
        return folder.error();
    const auto repository = review::makeSampleRepository(folder->path() + "/kvstore");
    if (!repository)
        return repository.error();
    ReviewCommand sample = command;
    sample.range = *git::parseRange("main...feature");
    auto input = readRepository(*repository, sample, stop, progress);
    if (!input)
        return input;
    // The folder is gone when the review is read: the report names what the reader can find again.
    input->diff.repository.clear();
    input->request.scope.repository = "the sample (a small key-value store)";
    return input;
}

} // namespace

Result<ReviewInput> readInput(const ReviewCommand &command, std::stop_token stop,
                              const review::Progress &progress)
{
    if (command.sample)
        return readSample(command, stop, progress);
    if (command.patch.empty())
        return readRepository(command.repository, command, stop, progress);
    const auto bytes = readPatch(command.patch);
    if (!bytes)
        return bytes.error();
    auto patch = git::parsePatch(*bytes, command.patch == "-" ? "standard input" : command.patch);
    if (!patch)
        return patch.error();
    review::Request request = review::makeRequest(*patch, selectionOf(command));
    if (command.wholeFiles)
        request.leftOut.push_back("A patch shows only its hunks: whole files could not be reviewed.");
    return ReviewInput{std::move(patch->diff), std::move(request)};
}

} // namespace app
