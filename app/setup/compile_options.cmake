# SPDX-License-Identifier: GPL-3.0-or-later
#
# How everything is compiled: warnings, sanitizers, and the faster tools where they are installed.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# A library is compiled without waiting for those it links: none of them generates a header.
set(CMAKE_OPTIMIZE_DEPENDENCIES ON)

find_program(CCACHE_EXECUTABLE ccache)
if(CCACHE_EXECUTABLE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE_EXECUTABLE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_EXECUTABLE}")
endif()
find_program(MOLD_EXECUTABLE mold)
if(MOLD_EXECUTABLE)
    add_link_options(-fuse-ld=mold)
endif()

# Symbols of our own code are never looked up by others, and unused functions need not be kept.
add_compile_options(-Wall -Wextra -Wpedantic -ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections -Wl,--as-needed)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>) # false alarms on std::string's operator+ (GCC bug 105651)
endif()

set(FERRISCOPE_SANITIZE "" CACHE STRING "Build with sanitizers: address (with undefined), thread, or empty")
if(FERRISCOPE_SANITIZE STREQUAL "address")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
elseif(FERRISCOPE_SANITIZE STREQUAL "thread")
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
    add_link_options(-fsanitize=thread)
elseif(FERRISCOPE_SANITIZE)
    message(FATAL_ERROR "FERRISCOPE_SANITIZE is \"${FERRISCOPE_SANITIZE}\": use address or thread.")
endif()

# What is fetched or built once for all build folders: the tree-sitter sources, KSyntaxHighlighting on Debian 12.
if(DEFINED ENV{XDG_CACHE_HOME})
    set(FERRISCOPE_CACHE_DIR "$ENV{XDG_CACHE_HOME}/ferriscope-build" CACHE PATH "Where fetched sources are kept")
else()
    set(FERRISCOPE_CACHE_DIR "$ENV{HOME}/.cache/ferriscope-build" CACHE PATH "Where fetched sources are kept")
endif()
