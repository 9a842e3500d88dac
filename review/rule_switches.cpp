// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rule_switches.h"

#include "git/display.h"
#include "review/json_archive.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace review {

namespace {

constexpr std::uintmax_t maxBytes = 1u << 20;

std::string fileIn(const std::string &folder)
{
    return folder + "/rules.json";
}

git::Error failure(const std::string &file, const std::string &what)
{
    return {git::ErrorKind::Io, "The switched-off rules, " + git::displayName(file) + ": " + what};
}

bool has(const std::vector<std::string> &rules, const std::string &rule)
{
    return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

} // namespace

void describe(auto &archive, RuleSwitches::Repository &value)
{
    archive("repository", value.path);
    archive("off", value.off);
}

void describe(auto &archive, RuleSwitches &value)
{
    archive("off", value.off);
    archive("repositories", value.repositories);
}

RuleState RuleSwitches::stateOf(const std::string &repository, const std::string &rule) const
{
    if (has(off, rule))
        return RuleState::OffEverywhere;
    const bool isOffHere = std::any_of(repositories.begin(), repositories.end(), [&](const Repository &each) {
        return each.path == repository && has(each.off, rule);
    });
    return isOffHere ? RuleState::OffHere : RuleState::On;
}

void RuleSwitches::setState(const std::string &repository, const std::string &rule, RuleState state)
{
    std::erase(off, rule);
    if (state == RuleState::OffEverywhere)
        off.push_back(rule);
    auto here = std::find_if(repositories.begin(), repositories.end(),
                             [&](const Repository &each) { return each.path == repository; });
    if (here != repositories.end())
        std::erase(here->off, rule);
    if (state == RuleState::OffHere) {
        if (here == repositories.end())
            here = repositories.insert(here, {repository, {}});
        here->off.push_back(rule);
    }
    std::erase_if(repositories, [](const Repository &each) { return each.off.empty(); });
}

std::set<std::string> RuleSwitches::offIn(const std::string &repository) const
{
    std::set<std::string> all(off.begin(), off.end());
    for (const Repository &each : repositories) {
        if (each.path == repository)
            all.insert(each.off.begin(), each.off.end());
    }
    return all;
}

git::Result<RuleSwitches> readRuleSwitches(const std::string &configFolder)
{
    const std::string file = fileIn(configFolder);
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return RuleSwitches{};
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error || size > maxBytes)
        return failure(file,
                       error ? error.message() : "larger than 1 MiB; it was not written by Ferriscope.");
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    RuleSwitches switches;
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded() || !JsonReader::decode(json, switches))
        return failure(file, "is damaged. Correct or remove it; until then it is left as it is.");
    return switches;
}

git::Result<void> writeRuleSwitches(const std::string &configFolder, const RuleSwitches &switches)
{
    const std::string file = fileIn(configFolder);
    const std::string next = file + "." + std::to_string(getpid()) + ".new";
    std::error_code error;
    std::filesystem::create_directories(configFolder, error);
    {
        std::ofstream stream(next, std::ios::binary | std::ios::trunc);
        stream << JsonWriter::encode(switches).dump(2) << '\n';
        stream.flush();
        if (!stream)
            return failure(file, "could not be written. Is there space, and may you write there?");
    }
    std::filesystem::rename(next, file, error);
    if (error)
        return failure(file, "could not be written: " + error.message());
    return {};
}

} // namespace review
