# SPDX-License-Identifier: GPL-3.0-or-later

# Texts that become part of the program: ferriscope_embed(<target> <output.cpp> <writer.cmake> <root> <files relative
# to root>...) runs the writer at build time whenever one of the files changes, and compiles what it writes.
function(ferriscope_embed target output writer root)
    set(list "${CMAKE_CURRENT_BINARY_DIR}/${output}.list")
    list(JOIN ARGN "\n" lines)
    # Rewritten only when a file came or went, which then is a reason to run the writer again.
    file(CONFIGURE OUTPUT "${list}" CONTENT "@lines@\n" @ONLY)
    list(TRANSFORM ARGN PREPEND "${root}/" OUTPUT_VARIABLE inputs)
    add_custom_command(
        OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${output}"
        COMMAND "${CMAKE_COMMAND}" -D "ROOT=${root}" -D "LIST=${list}"
            -D "OUTPUT=${CMAKE_CURRENT_BINARY_DIR}/${output}" -P "${CMAKE_SOURCE_DIR}/app/setup/${writer}"
        DEPENDS "${list}" ${inputs} "${CMAKE_SOURCE_DIR}/app/setup/${writer}"
            "${CMAKE_SOURCE_DIR}/app/setup/string_literal.cmake"
        COMMENT "Writing ${output}" VERBATIM)
    target_sources(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/${output}")
endfunction()

# Collects the cards <root>/<section>/<rule_id>.md and their checks <rule_id>.cpp into a generated table. Adding the two
# files is all it takes to add a rule. A debug build leaves a rule out while one of its files is missing.
function(ferriscope_rule_catalogue target root)
    file(GLOB cards CONFIGURE_DEPENDS RELATIVE "${root}" "${root}/*/*.md")
    file(GLOB checks CONFIGURE_DEPENDS RELATIVE "${root}" "${root}/*/*.cpp")
    set(severity FATAL_ERROR)
    if(CMAKE_BUILD_TYPE STREQUAL "Debug")
        set(severity WARNING)
    endif()
    set(rules "")
    foreach(card IN LISTS cards)
        string(REGEX REPLACE "\\.md$" ".cpp" check "${card}")
        if(NOT card MATCHES "^(critical|concurrency|performance|practices)/[a-z][a-z0-9_]*\\.md$")
            message(FATAL_ERROR "review/rules/${card}: a card is <section>/<rule_id>.md, where the section is critical, "
                "concurrency, performance or practices, and the id is in lower case with underscores.")
        elseif(check IN_LIST checks)
            list(APPEND rules "${card}")
        else()
            message(${severity} "review/rules/${card} has no check beside it: add review/rules/${check}.")
        endif()
        list(REMOVE_ITEM checks "${check}")
    endforeach()
    if(checks)
        list(JOIN checks ", review/rules/" names)
        message(${severity} "review/rules/${names}: a check needs a card of the same name (.md) beside it.")
    endif()
    ferriscope_embed(${target} catalogue_table.cpp write_catalogue.cmake "${root}" ${rules})
endfunction()
