// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"

#include <set>
#include <string>
#include <vector>

namespace review {

/// Whether a rule is asked.
enum class RuleState { On, OffHere, OffEverywhere };

/// The rules that a person switched off, for one repository or for good: `rules.json` of the settings folder.
struct RuleSwitches {
    struct Repository {
        std::string path; ///< git::Diff::repository
        std::vector<std::string> off;

        bool operator==(const Repository &) const = default;
    };
    std::vector<std::string> off; ///< everywhere
    std::vector<Repository> repositories;

    RuleState stateOf(const std::string &repository, const std::string &rule) const;
    void setState(const std::string &repository, const std::string &rule, RuleState state);
    /// All that are not asked in a repository.
    std::set<std::string> offIn(const std::string &repository) const;
    bool operator==(const RuleSwitches &) const = default;
};

/// None where there is no such file. Errors: a file that is not ours, or damaged, is named.
git::Result<RuleSwitches> readRuleSwitches(const std::string &configFolder);
/// Replaces the file at once: a reader sees the old one or the new one.
git::Result<void> writeRuleSwitches(const std::string &configFolder, const RuleSwitches &switches);

} // namespace review
