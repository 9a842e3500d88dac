// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/repository.h"
#include "tests/support/test_repository.h"

#include <string>
#include <string_view>
#include <vector>

namespace tests {

inline git::Diff diffOf(const TestRepository &repository, std::string_view range,
                        const std::vector<std::string> &paths = {})
{
    const auto opened = git::Repository::open(repository.root());
    if (!opened)
        qFatal("%s", opened.error().message.c_str());
    auto diff = opened->diff(*git::parseRange(range), paths);
    if (!diff)
        qFatal("%s", diff.error().message.c_str());
    return *diff;
}

inline git::FileTexts textsOf(const TestRepository &repository, const git::Diff &diff, std::size_t file = 0)
{
    auto texts = git::Repository::open(repository.root())->texts(diff, diff.files.at(file));
    if (!texts)
        qFatal("%s", texts.error().message.c_str());
    return *texts;
}

inline git::Error errorOf(const TestRepository &repository, std::string_view range)
{
    auto diff = git::Repository::open(repository.root())->diff(*git::parseRange(range));
    return diff ? git::Error{git::ErrorKind::Internal, "no error"} : diff.error();
}

/// The list as `git diff --raw -z` gives it: "M a.rs", "R090 a.rs b.rs".
inline std::vector<std::string> summary(const git::Diff &diff)
{
    constexpr std::string_view letters = "ADMRCTU";
    std::vector<std::string> lines;
    for (const git::FileDelta &file : diff.files) {
        std::string line(1, letters[static_cast<std::size_t>(file.status)]);
        if (file.status == git::FileStatus::Renamed)
            line += QStringLiteral("%1 ").arg(file.similarity, 3, 10, QLatin1Char('0')).toStdString() +
                    file.oldSide.path;
        lines.push_back(line + ' ' + file.path());
    }
    return lines;
}

/// The same list from git itself.
inline std::vector<std::string> gitSummary(const TestRepository &repository, const QStringList &arguments)
{
    std::string raw = repository.git(QStringList{QStringLiteral("diff"), QStringLiteral("--name-status"),
                                                 QStringLiteral("-z"), QStringLiteral("-M")} +
                                     arguments);
    std::vector<std::string> lines;
    const auto take = [&raw] {
        const std::string part = raw.substr(0, raw.find('\0'));
        raw.erase(0, part.size() + 1);
        return part;
    };
    while (!raw.empty()) {
        std::string line = take();
        const bool renamed = line.front() == 'R';
        line += ' ' + take();
        lines.push_back(renamed ? line + ' ' + take() : line);
    }
    return lines;
}

inline std::string someLines(int count, const std::string &word = "line")
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += word + ' ' + std::to_string(i) + " of the file\n";
    return text;
}

} // namespace tests
