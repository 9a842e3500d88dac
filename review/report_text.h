// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/session.h"

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace review {

/// A finding ready to be printed: all its lines are those of the real files.
struct ReportedFinding {
    Finding finding;
    const Decision *decision = nullptr; ///< null: open
    std::vector<const ReviewerNote *> notes;
    std::string number; ///< "1.2": section and place in it

    bool isOpen() const { return !decision; }
};

/// What all reports say, in the order they say it. Refers to the session.
struct Report {
    const Session *session = nullptr;
    std::vector<ReportedFinding> findings;       ///< by section, in each the findings before the questions
    std::vector<Recommendation> recommendations; ///< of what is still open
    std::size_t files = 0;                       ///< with chosen hunks
    std::size_t hunks = 0;                       ///< chosen
    std::vector<Coverage> coverage;              ///< with the real files' lines
    std::vector<std::string>
        incomplete;                   ///< why the review is not complete, plain sentences; empty when it is
    std::vector<std::string> leftOut; ///< plain sentences
    std::vector<std::string> remarks; ///< of the experts, Markdown
    std::vector<const ReviewerNote *> otherNotes; ///< the reviewer's, where no finding is
    std::vector<Place> otherNotePlaces;
};
Report makeReport(const Session &session);

/// The findings of a session in the order of a report, with the lines of the real files.
std::vector<Finding> toReportOrder(const Session &session);

/// The numbers of the open findings that an action cites.
std::vector<std::string> citedNumbers(const Report &report, const Recommendation &recommendation);
/// How many findings (or questions) a section has.
std::size_t countFindings(const Report &report, Section section, Tier tier);
/// Whether all lines of a place are among those of another.
bool isWithin(const Place &inner, const Place &outer);
/// 1-based, inclusive; of an empty range the line it stands before.
std::uint32_t firstLine(const git::LineRange &lines);
std::uint32_t lastLine(const git::LineRange &lines);
/// "src/db.rs:41" or "src/db.rs:41-44"; the old side is said.
std::string toText(const Place &place);
/// "confidence 85 %".
std::string confidenceText(double confidence);
const char *toSentence(Origin origin);
std::string statusText(const ReportedFinding &finding);
/// 0..1, four decimals, so that it prints the same everywhere.
double tidyConfidence(double confidence);
/// The persona's words for a section that has nothing.
const char *emptySectionText(Section section);
/// What the review compared and how far it got: "12 hunks in 3 files" …
std::string scopeText(const Report &report);
/// Times as "2026-11-22 14:05 UTC".
std::string timeText(std::int64_t seconds);

inline constexpr std::array<Section, 4> findingSections{Section::Critical, Section::Concurrency,
                                                        Section::Performance, Section::Practices};

} // namespace review
