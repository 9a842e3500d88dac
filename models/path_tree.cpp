// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/path_tree.h"

#include <map>
#include <memory>

namespace models {

namespace {

struct Folder {
    std::map<std::string, std::unique_ptr<Folder>> folders;
    std::multimap<std::string, int> files;
};

void insert(Folder &root, const std::string &path, int file)
{
    Folder *folder = &root;
    std::size_t begin = 0;
    for (std::size_t slash; (slash = path.find('/', begin)) != std::string::npos; begin = slash + 1) {
        std::unique_ptr<Folder> &child = folder->folders[path.substr(begin, slash - begin)];
        if (!child)
            child = std::make_unique<Folder>();
        folder = child.get();
    }
    folder->files.emplace(path.substr(begin), file);
}

int addNode(PathTree &tree, int parent, std::string name, int file)
{
    const int node = int(tree.nodes.size());
    const int firstFile = int(tree.filesInOrder.size());
    const int row = parent < 0 ? 0 : int(tree.nodes[std::size_t(parent)].children.size());
    tree.nodes.push_back({std::move(name), parent, row, file, {}, firstFile, firstFile});
    if (parent >= 0)
        tree.nodes[std::size_t(parent)].children.push_back(node);
    return node;
}

void addFolder(PathTree &tree, int node, const Folder &folder)
{
    for (const auto &[name, child] : folder.folders) {
        std::string merged = name;
        const Folder *inner = child.get();
        while (inner->files.empty() && inner->folders.size() == 1) {
            merged += '/' + inner->folders.begin()->first;
            inner = inner->folders.begin()->second.get();
        }
        addFolder(tree, addNode(tree, node, merged, -1), *inner);
    }
    for (const auto &[name, file] : folder.files) {
        const int leaf = addNode(tree, node, name, file);
        tree.filesInOrder.push_back(file);
        tree.nodes[std::size_t(leaf)].lastFile = int(tree.filesInOrder.size());
        tree.nodeOfFile[std::size_t(file)] = leaf;
    }
    tree.nodes[std::size_t(node)].lastFile = int(tree.filesInOrder.size());
}

} // namespace

PathTree makePathTree(const std::vector<std::string> &paths)
{
    Folder root;
    for (std::size_t file = 0; file < paths.size(); ++file)
        insert(root, paths[file], int(file));
    PathTree tree;
    tree.nodeOfFile.assign(paths.size(), -1);
    addFolder(tree, addNode(tree, -1, {}, -1), root);
    return tree;
}

} // namespace models
