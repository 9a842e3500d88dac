// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/file_view.h"

#include "git/display.h"

#include <utility>

namespace models {
namespace {

using git::ContentKind;

std::string shortId(const git::FileSide &side)
{
    return side.id.empty() ? std::string("the work tree's own commit") : side.id.substr(0, 12);
}

std::string submoduleMessage(const git::FileDelta &delta)
{
    const std::string name = git::displayName(delta.path());
    if (!delta.oldSide.exists())
        return "The submodule " + name + " was added at commit " + shortId(delta.newSide) + ".";
    if (!delta.newSide.exists())
        return "The submodule " + name + " was removed; it was at commit " + shortId(delta.oldSide) + ".";
    return "The submodule " + name + " moved from commit " + shortId(delta.oldSide) + " to " +
           shortId(delta.newSide) + ".";
}

bool either(const git::FileTexts &texts, ContentKind kind)
{
    return texts.oldKind == kind || texts.newKind == kind;
}

/// What the reader sees where lines can't be compared; empty where they can.
std::string obstacle(const git::FileDelta &delta, const git::FileTexts &texts)
{
    const std::string name = git::displayName(delta.path());
    if (either(texts, ContentKind::Missing))
        return "The contents of " + name +
               " are not in this repository (it may be a partial clone). Fetch the " +
               "missing objects with git and open the file again.";
    if (either(texts, ContentKind::Submodule)) {
        if (texts.oldKind != ContentKind::Submodule && texts.oldKind != ContentKind::Absent)
            return name + " was a file and is a submodule now, at commit " + shortId(delta.newSide) + ".";
        if (texts.newKind != ContentKind::Submodule && texts.newKind != ContentKind::Absent)
            return name + " was a submodule at commit " + shortId(delta.oldSide) + " and is a file now.";
        return submoduleMessage(delta);
    }
    if (either(texts, ContentKind::TooLarge))
        return name + " is larger than " + std::to_string(git::maxTextBytes >> 20) +
               " MiB. It is listed but not compared.";
    if (either(texts, ContentKind::Binary)) {
        const bool same = !delta.oldSide.id.empty() && delta.oldSide.id == delta.newSide.id;
        return name + (same ? " is a binary file; its contents did not change."
                            : " is a binary file. Its contents are not shown.");
    }
    if (!texts.comparable())
        return name + " can't be compared line by line.";
    return {};
}

bool isRust(const git::FileSide &side)
{
    return side.path.ends_with(".rs");
}

void align(FileView &view)
{
    const git::FileTexts &texts = view.texts;
    auto hunks = git::diffHunks(view.delta.path(), texts, view.excerpts);
    if (!hunks) {
        view.message = hunks.error().message;
        return;
    }
    view.hunks = *std::move(hunks);
    view.alignment = git::alignRows(view.hunks, texts.oldText, texts.newText);
    if (isRust(view.delta.oldSide) && texts.oldKind == ContentKind::Text)
        view.oldOutline = review::makeOutline(texts.oldText);
    if (isRust(view.delta.newSide) && texts.newKind == ContentKind::Text)
        view.newOutline = review::makeOutline(texts.newText);
}

} // namespace

std::shared_ptr<const FileView> makeFileView(git::FileDelta delta, git::FileTexts texts,
                                             std::vector<git::PatchedFile::Excerpt> excerpts)
{
    auto view = std::make_shared<FileView>();
    view->delta = std::move(delta);
    view->texts = std::move(texts);
    view->excerpts = std::move(excerpts);
    // A file that did not change has one text: it stands for both sides, or all its lines would count as
    // added.
    if (view->delta.status == git::FileStatus::Unchanged && view->texts.oldKind == ContentKind::Absent) {
        view->delta.oldSide = view->delta.newSide;
        view->texts.oldKind = view->texts.newKind;
        view->texts.oldText = view->texts.newText;
    }
    view->message = obstacle(view->delta, view->texts);
    if (view->message.empty())
        align(*view);
    if (view->message.empty() && view->alignment.rows.empty())
        view->message = git::displayName(view->delta.path()) + " is empty.";
    return view;
}

} // namespace models
