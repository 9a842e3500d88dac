// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/worker/expert_list.h"

#include "git/display.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace review {

namespace {

constexpr std::uintmax_t maxFileBytes = 1u << 20;
constexpr int maxPatienceSeconds = 3600;

/// What is wrong with one entry; empty when `program` was read from it.
std::string readProgram(const nlohmann::json &json, WorkerProgram &program)
{
    if (!json.is_object())
        return "it is no object";
    const auto kind = json.find("kind");
    if (kind == json.end() || *kind != "command")
        return "its \"kind\" is not \"command\", the only one there is";
    const auto command = json.find("command");
    if (command == json.end() || !command->is_array() || command->empty())
        return "its \"command\" is no list of a program and its arguments";
    for (const nlohmann::json &argument : *command) {
        if (!argument.is_string() || argument.get_ref<const std::string &>().find('\0') != std::string::npos)
            return "its \"command\" is not all strings";
        program.command.arguments.push_back(argument.get<std::string>());
    }
    program.command.program = program.command.arguments.front();
    // It starts in the root folder: a name with a folder in it would mean another program there than where it
    // was tried.
    if (program.command.program.empty() ||
        (program.command.program.front() != '/' && program.command.program.find('/') != std::string::npos))
        return "its program is neither a name to be found in PATH nor a whole path";
    program.command.hasEnvironment = true;
    if (const auto patience = json.find("patience"); patience != json.end()) {
        if (!patience->is_number_unsigned() || *patience < 1 || *patience > maxPatienceSeconds)
            return "its \"patience\" is not between 1 and " + std::to_string(maxPatienceSeconds) + " seconds";
        program.patience = std::chrono::seconds(patience->get<int>());
    }
    return {};
}

} // namespace

git::Result<ExpertList> ExpertList::read(const std::string &settingsFolder)
{
    ExpertList list;
    const std::filesystem::path path = std::filesystem::path(settingsFolder) / "experts.json";
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (settingsFolder.empty() || error == std::errc::no_such_file_or_directory)
        return list;
    const auto wrong = [&](const std::string &why) {
        return git::Error{git::ErrorKind::InvalidInput, git::displayName(path.string()) + ": " + why};
    };
    if (error || size > maxFileBytes)
        return wrong("it can't be read, or is too large to be a list of experts.");
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object())
        return wrong("it is no JSON object of experts by name.");
    const std::vector<std::string> known = expertNames();
    for (const auto &[name, entry] : json.items()) {
        WorkerProgram program;
        program.expert = name;
        program.patience = std::chrono::minutes(5);
        std::string why = readProgram(entry, program);
        if (name.empty() || std::find(known.begin(), known.end(), name) != known.end())
            why = "the name is taken";
        if (!why.empty())
            return wrong("the expert \"" + git::displayName(name) + "\": " + why + ".");
        list.m_programs.emplace(name, std::move(program));
    }
    return list;
}

std::vector<std::string> ExpertList::names() const
{
    std::vector<std::string> names = expertNames();
    for (const auto &[name, program] : m_programs)
        names.push_back(name);
    return names;
}

const WorkerProgram *ExpertList::program(const std::string &name) const
{
    const auto found = m_programs.find(name);
    return found == m_programs.end() ? nullptr : &found->second;
}

} // namespace review
