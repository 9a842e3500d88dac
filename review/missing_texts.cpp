// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/missing_texts.h"

namespace review {

bool hasTexts(const ReviewFile &file)
{
    return file.texts.oldKind != git::ContentKind::Absent || file.texts.newKind != git::ContentKind::Absent;
}

ReviewFile makeShownFile(const git::FileDelta &delta, git::FileTexts texts,
                         std::vector<git::PatchedFile::Excerpt> excerpts)
{
    ReviewFile file;
    file.delta = delta;
    if (texts.comparable())
        if (auto hunks = git::diffHunks(delta.path(), texts, excerpts))
            file.hunks = *std::move(hunks);
    file.chosen.resize(file.hunks.size());
    file.texts = std::move(texts);
    file.excerpts = std::move(excerpts);
    return file;
}

IndexedFiles readMissingTexts(const Session &session, const ReadFile &read, std::stop_token stop)
{
    IndexedFiles missing;
    std::size_t bytes = 0;
    for (std::size_t index = 0; index < session.diff.files.size() && !stop.stop_requested(); ++index) {
        if (index < session.files.size() && hasTexts(session.files[index]))
            continue;
        git::Result<ReviewFile> file = read(index);
        if (!file)
            continue;
        bytes += file->texts.oldText.size() + file->texts.newText.size();
        if (bytes > maxShownTextBytes)
            break;
        missing.emplace(index, *std::move(file));
    }
    return missing;
}

} // namespace review
