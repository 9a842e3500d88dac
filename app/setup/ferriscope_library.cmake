# SPDX-License-Identifier: GPL-3.0-or-later

# ferriscope_library(<folder>): the static library ferriscope_<folder> of the folder that calls it, made of all .cpp
# files in it and below but main.cpp. Files are found again at each build: no list to edit. Includes start at the
# project's root: #include "git/diff.h".
function(ferriscope_library folder)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
    if(NOT sources MATCHES "\\.cpp")
        file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/no_sources.cpp" "")
        list(APPEND sources "${CMAKE_CURRENT_BINARY_DIR}/no_sources.cpp")
    endif()
    add_library(ferriscope_${folder} STATIC ${sources})
    target_include_directories(ferriscope_${folder} PUBLIC "${CMAKE_SOURCE_DIR}")
endfunction()

# For the folders that know Qt.
function(ferriscope_use_qt target)
    # Nothing that moc reads is generated: it need not wait for the libraries below.
    set_target_properties(${target} PROPERTIES AUTOMOC ON AUTOGEN_ORIGIN_DEPENDS OFF)
    target_compile_definitions(${target} PRIVATE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH)
endfunction()
