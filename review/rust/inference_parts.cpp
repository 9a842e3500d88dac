// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/inference_parts.h"

namespace review::rust::inference {

Type make(std::string path, std::vector<Type> args)
{
    return Type{std::move(path), std::move(args), false};
}

std::string lastPart(std::string_view path)
{
    const std::size_t colon = path.rfind("::");
    return std::string(colon == std::string_view::npos ? path : path.substr(colon + 2));
}

std::string withoutLast(std::string_view path)
{
    const std::size_t colon = path.rfind("::");
    return std::string(colon == std::string_view::npos ? std::string_view() : path.substr(0, colon));
}

bool startsUpper(std::string_view name)
{
    return !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
}

const Type *outputOf(const Type &type)
{
    const Type *future = &type.peeled();
    if ((future->path == "impl" || future->path == "dyn") && !future->args.empty())
        future = &future->args.front();
    const std::string_view name = future->name();
    const bool isFuture = name == "Future" || name == "BoxFuture" || name == "LocalBoxFuture";
    return isFuture && !future->args.empty() ? &future->args.back() : nullptr;
}

} // namespace review::rust::inference
