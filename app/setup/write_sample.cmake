# SPDX-License-Identifier: GPL-3.0-or-later
#
# Writes the sample's files, OUTPUT, from those named in LIST, relative to ROOT: <branch>/<path>.

include("${CMAKE_CURRENT_LIST_DIR}/string_literal.cmake")
file(STRINGS "${LIST}" files)
list(SORT files)

set(texts "")
set(entries "")
set(number 0)
foreach(file IN LISTS files)
    string(FIND "${file}" "/" slash)
    string(SUBSTRING "${file}" 0 ${slash} branch)
    math(EXPR slash "${slash} + 1")
    string(SUBSTRING "${file}" ${slash} -1 path)
    to_string_literal(text "${ROOT}/${file}")
    string(APPEND texts "constexpr char file${number}[] =\n    ${text};\n")
    string(APPEND entries
        "        SampleFile{\"${branch}\", \"${path}\", {file${number}, sizeof file${number} - 1}},\n")
    math(EXPR number "${number} + 1")
endforeach()

if(number EQUAL 0)
    set(body "    return {};\n")
else()
    set(body "    static constexpr SampleFile files[] = {\n${entries}    };\n    return files;\n")
endif()
file(WRITE "${OUTPUT}" "// Generated from resources/sample.\n#include \"review/sample.h\"\n\nnamespace review {\nnamespace {\n\n${texts}\n} // namespace\n\nstd::span<const SampleFile> sampleFiles()\n{\n${body}}\n\n} // namespace review\n")
