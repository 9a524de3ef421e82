package dev.holdfast.worker.workspace;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how a worker keeps git repositories.
 *
 * @param mirrors the directory of all mirrors, absolute; made when needed
 * @param serverSilence how long a git server may say nothing before it counts as unreachable
 * @param sshDirectory keys, {@code config} and {@code known_hosts} for SSH, in OpenSSH's form;
 *     usually the worker's user's {@code ~/.ssh}. Servers not in {@code known_hosts} are refused
 */
public record GitSettings(Path mirrors, Duration serverSilence, Path sshDirectory) {

  public GitSettings {
    // Git's alternates file, which names a mirror, has one path a line.
    if (!mirrors.isAbsolute() || mirrors.toString().contains("\n")) {
      throw new IllegalArgumentException("mirrors must be an absolute path, was " + mirrors);
    }
    if (serverSilence.toSeconds() < 1) {
      throw new IllegalArgumentException("serverSilence must be 1 s or more, was " + serverSilence);
    }
  }
}
