// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/node_search.h"
#include "review/rules/outside.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/calls.h"

#include <array>
#include <cctype>

namespace review::rules {
namespace {

using rust::Node;

/// The words that a secret's name ends in: what follows (`_id`, `_len`, `_path`) would make it something
/// else.
constexpr std::array<std::string_view, 16> secretWords{"password",
                                                       "passwd",
                                                       "passphrase",
                                                       "secret",
                                                       "secret_key",
                                                       "api_key",
                                                       "apikey",
                                                       "private_key",
                                                       "access_token",
                                                       "auth_token",
                                                       "bearer_token",
                                                       "refresh_token",
                                                       "session_token",
                                                       "access_key_secret",
                                                       "secret_access_key",
                                                       "client_secret"};

bool namesSecret(std::string_view name)
{
    for (const std::string_view word : secretWords) {
        if (!name.ends_with(word))
            continue;
        const std::string_view before = name.substr(0, name.size() - word.size());
        // A pair of keys to sign with is shown by its public half.
        if (word == "signing_key" && !before.empty())
            continue;
        if ((before.empty() || before.ends_with('_')) &&
            !mentions(before, {"no_", "has_", "is_", "hash", "redact", "mask", "public", "need", "use_",
                               "with_", "invalid"}))
            return true;
    }
    return false;
}

bool logs(std::string_view macro)
{
    return isOneOf(macro, {"trace", "debug", "info", "warn", "error", "println", "eprintln", "print",
                           "eprint", "dbg", "event", "slog_info", "slog_warn", "slog_debug"});
}

/// "password" of `{password}`, `{password:?}` in the format string; empty if it shows none.
std::string shownInline(std::string_view format)
{
    for (std::size_t open = format.find('{'); open != std::string_view::npos;
         open = format.find('{', open + 1)) {
        std::size_t end = open + 1;
        while (end < format.size() &&
               (std::isalnum(static_cast<unsigned char>(format[end])) || format[end] == '_'))
            ++end;
        const std::string_view name = format.substr(open + 1, end - open - 1);
        if (end < format.size() && (format[end] == '}' || format[end] == ':') && namesSecret(name))
            return std::string(name);
    }
    return {};
}

/// The argument's own value is shown: `password`, `&config.password`, `%self.api_key`, `password.as_str()`.
std::string shownName(Node argument)
{
    if (argument.is("named_argument"))
        argument = argument.field("value");
    argument = rust::stripAdapters(argument);
    const rust::Call call = rust::toCall(argument);
    if (call.isMethod() && call.arguments.empty() &&
        isOneOf(call.name,
                {"as_str", "clone", "to_string", "as_ref", "unwrap_or_default", "as_deref", "expose_secret"}))
        argument = rust::stripAdapters(call.receiver);
    if (argument.is("field_expression"))
        argument = argument.field("field");
    const bool plain = argument.isAny({"identifier", "field_identifier", "shorthand_field_identifier"});
    return plain && namesSecret(argument.text()) ? std::string(argument.text()) : std::string();
}

/// The type shows itself as stars, by its name.
bool isWrapped(const Node &argument, const RuleInput &input)
{
    const Node value = argument.is("named_argument") ? argument.field("value") : argument;
    const rust::Type type = input.model.infer(rust::stripAdapters(value), input.file);
    const std::string_view name = type.peeled().name();
    return mentions(name, {"secret", "redact", "sensitive", "mask", "opaque", "hidden", "bool", "publickey"});
}

void report(const Node &macro, const Node &at, const std::string &name, Reporter &reporter)
{
    Draft draft;
    draft.at = at;
    draft.title = fittingTitle(
        {quoted(name, 26) + " is written to the log as it is", "A secret is written to the log"});
    draft.steps = {
        {"process", "writes " + quoted(name) + " with `" + std::string(rust::macroName(macro)) + "!`", at},
        {"log", "is copied to files, collectors and tickets that many people read", macro}};
    draft.outcome = "Whoever reads a log can act as its owner until the secret is changed.";
    draft.facts = {"resolved: the name says that " + quoted(name) + " is a secret",
                   "assumed: its type shows itself as it is"};
    draft.evidence = {macro};
    reporter.report(std::move(draft));
}

/// A command that makes keys shows them to whoever asked for them.
bool makesKeys(const Node &macro, const rust::File &file)
{
    const rust::Function *function = file.functionAt(macro);
    return rust::macroName(macro) == "println" && function &&
           mentions(function->name, {"gen_", "generate", "keypair", "keygen", "new_key"});
}

void check(const Node &macro, const RuleInput &input, Reporter &reporter)
{
    if (makesKeys(macro, input.file))
        return;
    for (const Node &part : macro.namedChildren()) {
        if (!part.is("macro_arguments"))
            continue;
        for (const Node &argument : part.namedChildren()) {
            if (argument.isAny({"string_literal", "raw_string_literal"})) {
                // A secret that was made just now has to be shown once.
                if (mentions(argument.text(), {"generated", "debug only", "debug-only"}))
                    return;
                if (const std::string inlined = shownInline(argument.text()); !inlined.empty())
                    return report(macro, argument, inlined, reporter);
                continue;
            }
            const std::string name = shownName(argument);
            // Kafka's protocol calls the number of a request its API key.
            const bool number = name.ends_with("api_key") && hasAny(input.file, {"api_version", "ApiKey::"});
            if (!name.empty() && !number && !isWrapped(argument, input))
                return report(macro, argument, name, reporter);
        }
    }
}

} // namespace

void check_secret_in_log(const RuleInput &input, Reporter &reporter)
{
    if (!mentions(input.file.tree().text(),
                  {"passw", "secret", "api_key", "apikey", "private_key", "passphrase", "_token"}))
        return;
    for (const Node &macro : input.file.root().descendants("macro_invocation")) {
        if (logs(rust::macroName(macro)) && !isTestOrTool(macro, input.file))
            check(macro, input, reporter);
    }
}

} // namespace review::rules
