package dev.holdfast.worker.index.lucene;

/**
 * A line that answers a question.
 *
 * @param path of the file, from the repository's top
 * @param line counted from 1
 * @param text of the line in the indexed commit
 * @param changed whether the file in the work tree is not the indexed one any more
 */
record Hit(String path, int line, String text, boolean changed) {}
