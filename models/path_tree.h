// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace models {

/// Folders and files made from paths: folders before files, each by name; a folder whose only child is a
/// folder is one node with it. Node 0 is the root.
struct PathTree {
    struct Node {
        std::string name; ///< raw bytes, as much of the path as this node adds
        int parent = -1;
        int row = 0;   ///< among the parent's children
        int file = -1; ///< index of the path; -1 for a folder
        std::vector<int> children;
        int firstFile = 0; ///< [firstFile, lastFile) of filesInOrder lie below it
        int lastFile = 0;
    };
    std::vector<Node> nodes;
    std::vector<int> filesInOrder; ///< as a reader meets them, from top to bottom
    std::vector<int> nodeOfFile;
};

/// O(n log n).
PathTree makePathTree(const std::vector<std::string> &paths);

} // namespace models
