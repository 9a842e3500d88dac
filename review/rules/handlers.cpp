// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/handlers.h"

#include "review/rules/phrases.h"
#include "review/rules/value_flow.h"
#include "review/rust/flow.h"

#include <algorithm>

namespace review::rules {
namespace {

using rust::Call;
using rust::Node;

/// The head of a parameter's type as written, references taken off: "Request", "tonic::Request".
std::string headOf(const Node &type)
{
    std::string text = compact(type.text());
    while (text.starts_with('&'))
        text.erase(0, text.starts_with("&mut") ? 4 : 1);
    return text.substr(0, text.find('<'));
}

bool startsWithAny(const std::string &path, std::initializer_list<std::string_view> prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return path.starts_with(prefix); });
}

std::string frameworkOf(const rust::Function &function, const Node &type)
{
    const std::string path = function.file->resolve(headOf(type));
    if (path == "tonic::Request" || path == "tonic::Streaming" || path == "tonic::request::Request")
        return "tonic";
    const std::string name = path.substr(path.rfind(':') == std::string::npos ? 0 : path.rfind(':') + 1);
    const bool extractor =
        isOneOf(name, {"Json", "Path", "Query", "Form", "RawQuery", "Multipart", "Bytes", "TypedHeader"});
    if (extractor && startsWithAny(path, {"axum::", "axum_extra::"}))
        return "axum";
    if (extractor && startsWithAny(path, {"actix_web::web::"}))
        return "actix-web";
    return {};
}

/// What a request carries besides what its sender chose.
bool isLocalPart(std::string_view name)
{
    return isOneOf(name,
                   {"extensions", "extensions_mut", "remote_addr", "local_addr", "peer_certs", "state"});
}

/// A call that hands on what the caller sent: views and conversions of it, and decoders.
bool follows(const Call &call)
{
    if (call.isMethod())
        return !isLocalPart(call.name) &&
               !isOneOf(call.name, {"len", "capacity", "is_empty", "to_string", "clone_from"});
    return isOneOf(call.name,
                   {"from_utf8", "from_str", "from_slice", "from_bytes", "from_reader", "decode", "parse",
                    "try_from", "from", "parse_from_bytes", "deserialize", "from_str_radix", "new"}) &&
           call.path.find("::") != std::string::npos && !call.path.starts_with("Response");
}

/// Every step of the chain is a method that can't make its caller's choice a failure, so an `unwrap` at its
/// end is none of the caller's doing.
bool isTotal(const Call &call)
{
    return isOneOf(call.name,
                   {"into_inner", "get_ref", "clone", "to_owned", "to_vec", "iter", "as_slice", "lock"});
}

} // namespace

std::optional<Handler> handlerOf(const rust::Function &function)
{
    if (!function.body || function.isTest)
        return {};
    Handler handler{&function, {}, {}};
    const bool thrift =
        function.traitName.ends_with("SyncHandler") || function.traitName.ends_with("ThriftService");
    for (const Node &parameter : function.node.field("parameters").namedChildren()) {
        if (!parameter.is("parameter"))
            continue;
        const std::string framework =
            thrift ? "a Thrift service" : frameworkOf(function, parameter.field("type"));
        if (framework.empty())
            continue;
        handler.framework = framework;
        handler.inputs.push_back(parameter);
    }
    // A client hands requests on; a handler answers.
    const bool answers = thrift || handler.framework != "tonic" || function.returnsResult();
    if (handler.inputs.empty() || !answers || function.selfType.ends_with("Client"))
        return {};
    return handler;
}

std::vector<Panic> remotePanicsIn(const Handler &handler)
{
    const IsSource isInput = [&](const Node &node) {
        return node.is("identifier") && std::find(handler.inputs.begin(), handler.inputs.end(),
                                                  rust::bindingOf(node)) != handler.inputs.end();
    };
    const auto fromCaller = [&](const Node &node) { return bool(originOf(node, isInput, follows)); };
    std::vector<Panic> panics = panicsIn(handler.function->body);
    std::erase_if(panics, [&](const Panic &panic) {
        if (panic.kind == Panic::Kind::Macro)
            return !isOneOf(panic.name, {"todo", "unimplemented"});
        if (handsOnPanic(panic) || cannotFail(panic) || wasChecked(panic))
            return true;
        if (panic.kind == Panic::Kind::Index)
            return !fromCaller(panic.operand) && !fromCaller(panic.index);
        const Node operand = rust::stripAdapters(panic.operand);
        const Call &call = rust::toCall(operand);
        return !fromCaller(operand) || (call && isTotal(call));
    });
    return panics;
}

} // namespace review::rules
