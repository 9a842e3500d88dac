// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/outline.h"

#include "review/rust/model.h"

#include <algorithm>

namespace review {

std::vector<OutlineItem> makeOutline(std::string_view text)
{
    auto tree = rust::Tree::parse(std::string(text));
    if (!tree)
        return {};
    const rust::File file({}, {}, *std::move(tree));
    std::vector<OutlineItem> outline;
    for (const rust::Node &node : file.root().descendants()) {
        if (node.isAny({"mod_item", "struct_item", "enum_item", "trait_item", "impl_item", "function_item",
                        "function_signature_item", "macro_definition"}))
            outline.push_back({node.lines(), file.itemAt(node)});
    }
    return outline;
}

std::string itemAt(const std::vector<OutlineItem> &outline, std::uint32_t line)
{
    const auto after = std::partition_point(
        outline.begin(), outline.end(), [&](const OutlineItem &item) { return item.lines.begin <= line; });
    const auto innermost = std::find_if(std::make_reverse_iterator(after), outline.rend(),
                                        [&](const OutlineItem &item) { return item.lines.contains(line); });
    return innermost == outline.rend() ? std::string() : innermost->name;
}

} // namespace review
