# SPDX-License-Identifier: GPL-3.0-or-later
#
# Writes OUTPUT: a version of the embedded expert that changes with each of the sources named in LIST, relative to ROOT.

file(STRINGS "${LIST}" sources)
list(SORT sources)
set(sums "")
foreach(source IN LISTS sources)
    file(SHA256 "${ROOT}/${source}" sum)
    string(APPEND sums "${source} ${sum}\n")
endforeach()
string(SHA256 version "${sums}")
string(SUBSTRING "${version}" 0 16 version)
file(WRITE "${OUTPUT}" "// Generated from the sources of the embedded expert.
#include \"review/embedded/engine_version.h\"

namespace review::embedded {

const char *engineVersion()
{
    return \"${version}\";
}

} // namespace review::embedded
")
