package dev.holdfast.drill.simulation;

/**
 * What a job really does, unknown to everybody but itself and the witness.
 *
 * @param handler whether it is code in the worker
 * @param steps how many it needs
 * @param stepMs how long each takes at most
 * @param exitCode how it ends if it is let
 */
record Work(boolean handler, int steps, long stepMs, int exitCode) {}
