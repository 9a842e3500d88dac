# SPDX-License-Identifier: GPL-3.0-or-later
#
# Writes the table of rule cards, OUTPUT, from the cards named in LIST, relative to ROOT.

include("${CMAKE_CURRENT_LIST_DIR}/string_literal.cmake")
file(STRINGS "${LIST}" cards)
list(SORT cards)

set(declarations "")
set(entries "")
foreach(card IN LISTS cards)
    get_filename_component(section "${card}" DIRECTORY)
    get_filename_component(stem "${card}" NAME_WE)
    string(REPLACE "_" "-" id "${stem}")
    to_string_literal(markdown "${ROOT}/${card}")
    string(APPEND declarations "void check_${stem}(const RuleInput&, Reporter&);\n")
    # sizeof - 1: the length is known to the compiler, nothing is counted at start.
    string(APPEND texts "constexpr char ${stem}_card[] =\n    ${markdown};\n")
    string(APPEND entries
        "    CardSource{\"${id}\", \"${section}\", {${stem}_card, sizeof ${stem}_card - 1}, &check_${stem}},\n")
endforeach()
list(LENGTH cards count)

if(count EQUAL 0)
    set(table "std::span<const CardSource> cardSources()\n{\n    return {};\n}\n")
else()
    set(table "std::span<const CardSource> cardSources()\n{\n    static constexpr CardSource cards[] = {\n${entries}    };\n    return cards;\n}\n")
endif()
if(texts)
    set(texts "namespace {\n${texts}} // namespace\n\n")
endif()
file(WRITE "${OUTPUT}" "// Generated from the cards in review/rules.\n#include \"review/rules/rule.h\"\n\n#include <span>\n\nnamespace review::rules {\n\n${declarations}\n${texts}${table}\n} // namespace review::rules\n")
