// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/sample.h"

#include "git/repository_writer.h"

namespace review {
namespace {

std::vector<git::NewFile> filesOf(std::string_view branch)
{
    std::vector<git::NewFile> files;
    for (const SampleFile &file : sampleFiles())
        if (file.branch == branch)
            files.push_back({std::string(file.path), std::string(file.bytes)});
    return files;
}

} // namespace

git::Result<std::string> makeSampleRepository(const std::string &folder)
{
    const auto made = git::createRepository(
        folder, {{"main", "Store keys and values, with transactions and a C interface", filesOf("base")},
                 {"feature", "Serve batches, scans and replication", filesOf("head")}});
    if (!made)
        return made.error();
    return folder;
}

} // namespace review
