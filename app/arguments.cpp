// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"

#include "git/display.h"

namespace app {
namespace {

/// Reads the option at `index`, and its value from the next argument where it is not in the same one.
git::Result<void> readOption(const std::vector<std::string> &arguments, std::size_t &index,
                             const Grammar &grammar)
{
    const std::string_view option = std::string_view(arguments[index]).substr(2);
    const std::size_t equals = option.find('=');
    const std::string_view name = option.substr(0, equals);
    const std::string shown = "--" + git::displayName(name);

    if (const auto flag = grammar.flags.find(name); flag != grammar.flags.end()) {
        if (equals != option.npos)
            return usageError(shown + " takes no value");
        flag->second();
        return {};
    }
    const auto value = grammar.values.find(name);
    if (value == grammar.values.end())
        return usageError("unknown option " + shown);
    if (equals != option.npos)
        return value->second(std::string(option.substr(equals + 1)));
    if (index + 1 == arguments.size())
        return usageError(shown + " needs a value");
    return value->second(arguments[++index]);
}

} // namespace

git::Error usageError(const std::string &message)
{
    return {git::ErrorKind::InvalidInput, message};
}

Grammar::Store storeIn(std::string &target)
{
    return [&target](const std::string &value) -> git::Result<void> {
        if (value.empty())
            return usageError("an empty value was given");
        target = value;
        return {};
    };
}

git::Result<void> readArguments(const std::vector<std::string> &arguments, const Grammar &grammar)
{
    for (std::size_t index = 0; index < arguments.size(); ++index) {
        const std::string &argument = arguments[index];
        git::Result<void> read;
        if (argument == "--") {
            if (!grammar.path)
                return usageError("this command takes no paths after --");
            for (std::size_t rest = index + 1; rest < arguments.size() && read; ++rest)
                read = grammar.path(arguments[rest]);
            return read;
        }
        if (argument.starts_with("--"))
            read = readOption(arguments, index, grammar);
        else if (argument.size() > 1 && argument.starts_with('-'))
            read = usageError("unknown option " + git::displayName(argument));
        else
            read = grammar.positional(argument);
        if (!read)
            return read;
    }
    return {};
}

} // namespace app
