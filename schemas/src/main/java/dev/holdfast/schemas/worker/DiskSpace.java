package dev.holdfast.schemas.worker;

/**
 * The file system of a worker's data directory.
 *
 * @param freeBytes that the worker may still use
 * @param totalBytes its size
 * @param reserveBytes that no job may use: with less left, nothing is assigned
 * @param freeInodes -1 where the file system has no limit
 */
public record DiskSpace(long freeBytes, long totalBytes, long reserveBytes, long freeInodes) {}
