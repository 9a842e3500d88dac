# SPDX-License-Identifier: GPL-3.0-or-later
#
# The target `tree_sitter_rust`: the tree-sitter runtime and the Rust grammar, built from the sources inside their npm
# packages. They are fetched once, checked against the hashes below and kept for all build folders. Debian's own runtime
# is not used: the one of Debian 12 corrupts the heap on a small file, and none of them loads this grammar.

set(TREE_SITTER_VERSION 0.25.0)
set(TREE_SITTER_SHA256 016448ee8e2c23aed7e1155c118cd66cd026e6436f7394b3f3606d30bf9aaa4a)
set(TREE_SITTER_RUST_VERSION 0.24.0)
set(TREE_SITTER_RUST_SHA256 4248da0b9ea40fec13ef010822e7b92a9d1ebdf74f6f2733539b1dbbb086c5bb)

# Fetches an npm package into the cache and unpacks what matches the given patterns. `npm pack` only downloads: it runs
# no script of the package and fetches no dependency. Sets <result> to the folder.
function(ferriscope_npm_sources result name version sha256)
    set(folder "${FERRISCOPE_CACHE_DIR}/${name}-${version}")
    set(${result} "${folder}/package" PARENT_SCOPE)
    if(EXISTS "${folder}/.complete")
        return()
    endif()
    find_program(NPM_EXECUTABLE npm)
    if(NOT NPM_EXECUTABLE)
        message(FATAL_ERROR "npm is needed once, to fetch the sources of ${name} ${version}: "
            "install the package \"npm\" (app/run does), or put the unpacked sources at ${folder}.")
    endif()
    message(STATUS "Fetching the sources of ${name} ${version}")
    # A folder of its own, renamed at the end: two builds at the same time don't meet.
    string(RANDOM LENGTH 8 suffix)
    set(staging "${folder}.${suffix}")
    file(MAKE_DIRECTORY "${staging}")
    execute_process(
        COMMAND "${NPM_EXECUTABLE}" pack "${name}@${version}" --ignore-scripts --silent --pack-destination "${staging}"
        WORKING_DIRECTORY "${staging}"
        RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE error)
    set(archive "${staging}/${name}-${version}.tgz")
    if(NOT status EQUAL 0 OR NOT EXISTS "${archive}")
        file(REMOVE_RECURSE "${staging}")
        message(FATAL_ERROR "npm could not fetch ${name} ${version}. Is the network there? ${error}")
    endif()
    file(SHA256 "${archive}" found)
    if(NOT found STREQUAL sha256)
        file(REMOVE_RECURSE "${staging}")
        message(FATAL_ERROR "${name} ${version} is not the file that was expected: SHA-256 is ${found}, not ${sha256}.")
    endif()
    file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${staging}" PATTERNS ${ARGN})
    file(REMOVE "${archive}")
    file(TOUCH "${staging}/.complete")
    if(EXISTS "${folder}/.complete")
        file(REMOVE_RECURSE "${staging}")
    else()
        file(REMOVE_RECURSE "${folder}")
        file(RENAME "${staging}" "${folder}")
    endif()
endfunction()

ferriscope_npm_sources(TREE_SITTER_DIR tree-sitter ${TREE_SITTER_VERSION} ${TREE_SITTER_SHA256}
    "package/LICENSE" "package/vendor/tree-sitter/lib/src/*" "package/vendor/tree-sitter/lib/include/*")
ferriscope_npm_sources(TREE_SITTER_RUST_DIR tree-sitter-rust ${TREE_SITTER_RUST_VERSION} ${TREE_SITTER_RUST_SHA256}
    "package/LICENSE" "package/src/*")

set(runtime "${TREE_SITTER_DIR}/vendor/tree-sitter/lib")
# Two libraries, because the runtime and the grammar each bring a private `tree_sitter/parser.h` or `parser.h`.
add_library(tree_sitter_runtime STATIC "${CMAKE_SOURCE_DIR}/review/rust/tree_sitter_runtime.c")
# Trees are read as the runtime keeps them, by its private headers: <tree-sitter/lib/src/subtree.h>.
target_include_directories(tree_sitter_runtime SYSTEM PUBLIC "${runtime}/include" "${TREE_SITTER_DIR}/vendor"
    PRIVATE "${runtime}/src")
target_include_directories(tree_sitter_runtime PRIVATE "${CMAKE_SOURCE_DIR}")
# lib.c relies on POSIX and GNU names (le16toh, fdopen) that -std=c11 would hide.
target_compile_definitions(tree_sitter_runtime PRIVATE _GNU_SOURCE)
# It clears a block of 232 bytes for each token. Where g++ would use an instruction that takes long to begin:
include(CheckCCompilerFlag)
set(clear_at_once "-mmemset-strategy=unrolled_loop:256:noalign,libcall:-1:noalign")
check_c_compiler_flag("${clear_at_once}" FERRISCOPE_HAS_MEMSET_STRATEGY)
if(FERRISCOPE_HAS_MEMSET_STRATEGY)
    target_compile_options(tree_sitter_runtime PRIVATE "${clear_at_once}")
endif()

add_library(tree_sitter_rust STATIC "${TREE_SITTER_RUST_DIR}/src/parser.c" "${TREE_SITTER_RUST_DIR}/src/scanner.c")
target_include_directories(tree_sitter_rust SYSTEM PRIVATE "${TREE_SITTER_RUST_DIR}/src")
target_link_libraries(tree_sitter_rust PUBLIC tree_sitter_runtime)

foreach(target tree_sitter_runtime tree_sitter_rust)
    set_target_properties(${target} PROPERTIES C_STANDARD 11 AUTOMOC OFF UNITY_BUILD OFF)
    # Third-party C, used as it is. Even a debug build optimises it: parsing would be many times slower.
    target_compile_options(${target} PRIVATE -w -O2)
endforeach()
# Writes joined and calls left apart take a twenty-fifth of a parse.
target_compile_options(tree_sitter_runtime PRIVATE -finline-functions -fno-tree-slp-vectorize)
