// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/call_search.h"
#include "review/rules/phrases.h"
#include "review/rules/rule.h"
#include "review/rust/flow.h"
#include "review/rust/patterns.h"

namespace review::rules {
namespace {

using rust::Node;

bool isChecksumName(std::string_view name)
{
    return isOneOf(name, {"checksum", "crc", "crc32", "stored_checksum", "stored_crc", "expected_checksum",
                          "expected_crc", "digest", "hmac", "mac", "got_crc", "hash_on_disk"}) ||
           name.ends_with("_checksum") || name.ends_with("_crc") || name.ends_with("_crc32");
}

} // namespace

void check_checksum_not_compared(const RuleInput &input, Reporter &reporter)
{
    if (!hasAny(input.file, {"_checksum", "_crc", "_digest", "_hmac", "_mac"}))
        return;
    for (const Node &binding : input.file.root().descendants("let_declaration")) {
        const Node value = binding.field("value");
        const Node pattern = binding.field("pattern");
        if (!value || !hasAny(pattern.text(), {"_checksum", "_crc", "_digest", "_hmac", "_mac"}) ||
            !hasAny(value.text(),
                    {"read", "get_u", "decode", "parse", "split", "from_le_bytes", "from_be_bytes"}))
            continue;
        for (const Node &name : rust::boundNames(pattern)) {
            const std::string_view written = name.text();
            if (!written.starts_with('_') || !isChecksumName(written.substr(1)))
                continue;
            const std::string shown = quoted(written, 24);
            Draft draft;
            draft.at = binding;
            draft.title = shown + " is read with the data and never compared";
            draft.steps = {{"reader", "reads " + shown + " that was stored with the data", binding},
                           {"reader", "goes on without computing and comparing it", binding}};
            draft.outcome = "A torn or flipped block is taken for good data and spreads from here.";
            draft.facts = {"resolved: " + shown + " is bound by a name that says it is not used"};
            reporter.report(std::move(draft));
        }
    }
}

} // namespace review::rules
