# SPDX-License-Identifier: GPL-3.0-or-later
#
# Libraries that have no CMake package, or a different one on each Debian release, under one name each.

find_package(PkgConfig REQUIRED)
pkg_check_modules(libgit2 REQUIRED IMPORTED_TARGET libgit2>=1.5)
find_package(SQLite3 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)

if(NOT FERRISCOPE_HEADLESS)
    # A whole repository is reviewed 5 % sooner with it. Sanitizers bring their own memory.
    if(NOT FERRISCOPE_SANITIZE)
        find_package(mimalloc REQUIRED)
    endif()

    # KSyntaxHighlighting: a package on Debian 13; on Debian 12 our own build of it against Qt 6, made here once.
    find_package(KF6SyntaxHighlighting QUIET)
    if(TARGET KF6::SyntaxHighlighting)
        add_library(Ferriscope::SyntaxHighlighting ALIAS KF6::SyntaxHighlighting)
    else()
        execute_process(COMMAND "${CMAKE_SOURCE_DIR}/app/setup/syntax_highlighting.sh" "${FERRISCOPE_CACHE_DIR}"
            RESULT_VARIABLE status OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE)
        if(NOT status EQUAL 0)
            message(FATAL_ERROR "KSyntaxHighlighting is not there for Qt 6 and could not be built; the reason is above.")
        endif()
        # Built against Qt 6, this version still calls itself KF5. Its downloader, which we don't use, names Qt6::Network.
        find_package(Qt6 6.4 REQUIRED COMPONENTS Network)
        find_package(KF5SyntaxHighlighting REQUIRED NO_DEFAULT_PATH PATHS "${prefix}")
        add_library(Ferriscope::SyntaxHighlighting ALIAS KF5::SyntaxHighlighting)
    endif()

    # QScintilla comes without a CMake or pkg-config file.
    find_path(QSCINTILLA_INCLUDE_DIR Qsci/qsciscintilla.h PATH_SUFFIXES qt6 REQUIRED)
    find_library(QSCINTILLA_LIBRARY NAMES qscintilla2_qt6 REQUIRED)
    add_library(Ferriscope::QScintilla UNKNOWN IMPORTED)
    set_target_properties(Ferriscope::QScintilla PROPERTIES
        IMPORTED_LOCATION "${QSCINTILLA_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${QSCINTILLA_INCLUDE_DIR}"
        INTERFACE_LINK_LIBRARIES Qt6::Widgets)
endif()
