// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/inference_parts.h"

namespace review::rust::inference {

Type make(std::string path, std::vector<Type> args)
{
    return Type{std::move(path), std::move(args), false};
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
