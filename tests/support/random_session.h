// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/session.h"

#include <random>
#include <string>
#include <vector>

namespace tests {

/// Makes sessions full of everything that a session may hold, hostile texts included; the same ones for the
/// same seed.
class RandomSession {
public:
    explicit RandomSession(unsigned seed) : m_random(seed) {}

    std::size_t number(std::size_t below)
    {
        return std::uniform_int_distribution<std::size_t>(0, below - 1)(m_random);
    }
    bool coin() { return number(2) == 1; }

    /// Words, markup that tries to escape, control characters, bytes that are no UTF-8.
    std::string text()
    {
        static const std::vector<std::string> parts{"commit",
                                                    "`lock`",
                                                    " ",
                                                    "\n",
                                                    "\n\n",
                                                    "## 1. Critical Issues\n",
                                                    "```\n",
                                                    "````rust\n",
                                                    "~~~\n",
                                                    "<script>alert(1)</script>",
                                                    "![x](file:///dev/zero)",
                                                    "[y](javascript:alert(1))",
                                                    "[ok](https://doc.rust-lang.org/std/)",
                                                    "\n::add-path::/tmp\n",
                                                    "##[command]rm",
                                                    "::error::x",
                                                    "\x1b[31m",
                                                    "\xe2\x80\xae",
                                                    "\xff\xfe",
                                                    std::string("\0", 1),
                                                    "\r\n",
                                                    "\t",
                                                    "a|b",
                                                    "@someone",
                                                    "**",
                                                    "*",
                                                    "_",
                                                    "&lt;",
                                                    "]]>",
                                                    "-->",
                                                    "# x",
                                                    "> q",
                                                    "1. ",
                                                    "- ",
                                                    "=====\n",
                                                    "\xf0\x9f\xa6\x80",
                                                    "ü",
                                                    "\\",
                                                    "\"",
                                                    "'",
                                                    "{\"bytes\":\"00\"}"};
        std::string result;
        for (std::size_t i = number(9); i > 0; --i)
            result += parts[number(parts.size())];
        return result;
    }

    template <typename Make>
    auto list(std::size_t most, Make make)
    {
        std::vector<decltype(make())> values;
        for (std::size_t i = number(most + 1); i > 0; --i)
            values.push_back(make());
        return values;
    }

    git::LineRange lines()
    {
        const auto begin = static_cast<std::uint32_t>(number(100'000));
        return {begin, begin + static_cast<std::uint32_t>(number(4))};
    }

    review::Place place()
    {
        return {coin() ? "src/db.rs" : text(), coin() ? git::Side::New : git::Side::Old, lines()};
    }

    review::Finding finding()
    {
        review::Finding finding;
        finding.id = std::to_string(number(1u << 30)) + text();
        finding.rule = coin() ? "lock-held-across-await" : text();
        finding.section = static_cast<review::Section>(number(4));
        finding.tier = static_cast<review::Tier>(number(2));
        finding.severity = static_cast<review::Severity>(number(4));
        finding.confidence = std::uniform_real_distribution<double>(0, 1)(m_random);
        finding.experts = list(2, [&] { return text(); });
        finding.origin = static_cast<review::Origin>(number(3));
        finding.place = place();
        finding.item = text();
        finding.title = text();
        finding.why = text();
        finding.facts = list(2, [&] { return text(); });
        finding.scenario = {text(), list(4, [&] { return review::Step{text(), text(), place()}; }), text()};
        finding.evidence = list(2, [&] { return review::Evidence{place(), text()}; });
        if (coin())
            finding.suggestion = review::Suggestion{text(), lines(), text(), text(),
                                                    static_cast<review::Applicability>(number(2))};
        finding.example = text();
        finding.dismissal = text();
        finding.references = list(2, [&] {
            return review::Reference{text(), coin() ? text() : "https://doc.rust-lang.org/"};
        });
        if (coin())
            finding.reproduction = review::Reproduction{text(), "2021", text()};
        return finding;
    }

    git::FileDelta delta()
    {
        return {static_cast<git::FileStatus>(number(8)),
                {text(), text(), 0100644},
                {text(), text(), 0100755},
                static_cast<int>(number(101))};
    }

    review::ReviewFile file()
    {
        review::ReviewFile file;
        file.delta = delta();
        file.texts = {static_cast<git::ContentKind>(number(7)), static_cast<git::ContentKind>(number(7)),
                      text(), text()};
        file.hunks = list(3, [&] {
            return git::Hunk{text(), lines(), lines(), list(2, [&] {
                                 return git::Change{lines(), lines()};
                             })};
        });
        for (std::size_t i = 0; i < file.hunks.size(); ++i)
            file.chosen.push_back(coin());
        file.edition = coin() ? "2021" : "";
        if (number(4) == 0)
            file.excerpts = list(2, [&] { return git::PatchedFile::Excerpt{lines(), lines(), 7, 9}; });
        return file;
    }

    review::Event event()
    {
        switch (number(7)) {
        case 0:
            return review::FindingRejected{text(), text()};
        case 1:
            return coverage();
        case 2:
            return review::Note{text(), text()};
        case 3:
            return review::Ended{text(), static_cast<review::Ended::State>(number(3)), text()};
        case 4:
            return review::Progressed{text(), 1, 2, text()};
        default:
            return review::FindingClosed{finding()};
        }
    }

    review::Coverage coverage()
    {
        return {text(), text(), lines(), static_cast<review::Coverage::State>(number(3)), text()};
    }

    review::Session session()
    {
        review::Session session;
        session.diff.repository = text();
        session.diff.base = {git::ResolvedEndpoint::Kind::Commit, coin() ? "1a2b3c4d" : "", text()};
        session.diff.head = {static_cast<git::ResolvedEndpoint::Kind>(number(6)), "", text()};
        session.diff.renamesComplete = coin();
        session.scope = {text(), text(), text(), text()};
        session.extent = static_cast<review::Extent>(number(2));
        session.createdAt = static_cast<std::int64_t>(number(1u << 31));
        session.files = list(4, [&] { return file(); });
        for (const review::ReviewFile &file : session.files)
            session.diff.files.push_back(file.delta);
        session.leftOut = list(3, [&] { return text(); });
        for (std::size_t i = number(12); i > 0; --i)
            review::record(session, event());
        for (const review::Finding &finding : session.findings) {
            if (number(3) == 0)
                session.decisions[finding.id] = {static_cast<review::Decision::State>(number(2)), text()};
        }
        for (std::size_t i = number(4); i > 0; --i)
            session.reviewerNotes.push_back({std::to_string(i) + text(), place(), "x" + text()});
        for (std::size_t i = number(4); i > 0; --i)
            session.viewed.insert(text());
        session.applied = list(2, [&] {
            return review::AppliedChange{text(), text(), text(), text(), coin()};
        });
        return session;
    }

private:
    std::mt19937 m_random;
};

} // namespace tests
