// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/rust/calls.h"
#include "review/rust/model.h"

#include <string_view>

namespace review::rules {

/// A number that a peer or a file chose.
struct OutsideNumber {
    rust::Node source;     ///< the call that reads it; null if the value is none
    std::string_view type; ///< what arithmetic on it is done in: "u16", "usize"; empty if unknown
    unsigned bits = 0;     ///< how large it can be: 16 after `buf.get_u16() as usize`; 0 if unknown

    explicit operator bool() const { return bool(source); }
};

/// Where the number comes from, when it was read from bytes (`buf.get_u32()`, `u64::from_be_bytes(..)`,
/// `read_varint(..)`) or parsed from text that is no literal; through lets, casts, `into` and arithmetic.
/// Cuts such as `min` end the search.
OutsideNumber outsideNumber(const rust::Node &expression);

/// The file has calls by their names that outsideNumber() could lead to: a cheap question to ask first.
bool readsNumbers(const rust::File &file);

/// It turns bytes or text into values, by its name and a parameter that holds them: `decode`, `read_header`,
/// `from_bytes`. The second gives those parameters.
bool isDecoder(const rust::Function &function);
std::vector<rust::Node> inputsOf(const rust::Function &function);
/// The value is taken from one of a decoder's inputs: `buf.get_u8()`, `reader.read_u32::<BE>()?`,
/// `&buf[4..8]`.
bool comesFromInput(const rust::Node &expression, const std::vector<rust::Node> &inputs);

/// The function can refuse its input: it returns a Result or an Option.
bool canRefuse(const rust::Function &function);
/// A factor on the confidence that input to this code may be malformed: whoever wrote a decoder that cannot
/// refuse takes its input for checked, mostly because this program has written it; behind a checksum it is.
double doubtOf(const rust::Node &node, const rust::File &file);

/// The file belongs to a command line tool, a build step or a generator, where a panic is an exit with a
/// message.
bool isTool(const rust::File &file);
/// Test code or such a tool: malformed input is nobody's attack there.
bool isTestOrTool(const rust::Node &node, const rust::File &file);

} // namespace review::rules
