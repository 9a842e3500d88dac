// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/diff.h"
#include "git/hunks.h"
#include "git/patch.h"
#include "git/repository.h"
#include "git/result.h"
#include "review/event.h"

#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace review {

/// A hunk is named by its path and its own lines, never by an index.
struct HunkId {
    std::string path;
    std::string hunk; ///< git::Hunk::id

    auto operator<=>(const HunkId &) const = default;
};

/// One file to review: both texts and its hunks, of which `chosen` are to be reviewed.
struct ReviewFile {
    git::FileDelta delta;
    git::FileTexts texts;
    std::vector<git::Hunk> hunks;
    std::vector<bool> chosen; ///< one for each hunk
    std::string edition;      ///< Rust edition of the crate that holds it, "2021" …; empty when unknown
    std::vector<git::PatchedFile::Excerpt>
        excerpts; ///< of a patch: where the text's lines stand in the real file

    bool operator==(const ReviewFile &) const = default;
};

/// A file that is not reviewed but read for its types, locks and signatures.
struct ContextFile {
    std::string path;
    std::string text;
    std::string edition;

    bool operator==(const ContextFile &) const = default;
};

/// A card of the repository's own rules as it stands in the base: a change does not choose by which rules it
/// is reviewed.
struct TeamCard {
    std::string path;
    std::string text;

    bool operator==(const TeamCard &) const = default;
};

/// How much of the selected files is looked at: their chosen hunks, or every line.
enum class Extent { Hunks, WholeFiles };

/// What was compared, in words that a report can print.
struct Scope {
    std::string repository;
    std::string base;
    std::string head;
    std::string range; ///< as the user typed it

    bool operator==(const Scope &) const = default;
};

/// Everything an expert needs: from here on no repository is read. `uncovered` are the selected files that
/// could not be included: the expert reports them with its coverage. `leftOut` says, in sentences, what else
/// is not known; it goes to the session as it is, and experts do not repeat it.
struct Request {
    Scope scope;
    Extent extent = Extent::Hunks;
    std::vector<ReviewFile> files;
    std::vector<ContextFile> context;
    std::vector<std::string> leftOut;
    std::vector<Coverage> uncovered;
    std::vector<TeamCard> teamCards;
    std::set<std::string> switchedOff; ///< ids of rules that are not asked

    bool operator==(const Request &) const = default;
};

/// Which hunks to review. Rust: all hunks of `.rs` files. All: of every text file (others than Rust are then
/// reported as skipped).
struct Selection {
    enum class Kind { Rust, All, Chosen };
    Kind kind = Kind::Rust;
    std::set<HunkId> hunks; ///< for Chosen

    bool operator==(const Selection &) const = default;
};

/// Called now and then with files done and files in all; may be empty.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// Reads the chosen files and, for what surrounds them, Rust files of the same crates (see planContext,
/// up to maxContextBytes).
git::Result<Request> makeRequest(const git::Repository &repository, const git::Diff &diff,
                                 const Selection &selection, Extent extent, std::stop_token stop = {},
                                 const Progress &progress = {});
/// The same for a patch file; what the patch does not show is not known, and said in `leftOut`.
Request makeRequest(const git::Patch &patch, const Selection &selection);

/// The line of the real file a line of the text is: the same, but for a patch, whose texts are excerpts.
/// `line` may be the line count.
std::uint32_t realLine(const ReviewFile &file, git::Side side, std::uint32_t line);

/// The texts to review are cut at this size, so that a range of any length fits into memory.
inline constexpr std::size_t maxReviewBytes = 256u << 20;
/// Context is cut at this size. An expert parses of it what its questions need.
inline constexpr std::size_t maxContextBytes = 8u << 20;
/// More cards of a repository are not read.
inline constexpr std::size_t maxTeamCards = 200;

} // namespace review
