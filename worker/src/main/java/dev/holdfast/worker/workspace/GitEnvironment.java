package dev.holdfast.worker.workspace;

import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts JGit off from the machine's and the user's git configuration and from git's environment
 * variables, so that a repository is handled the same on every worker. JGit keeps its reader in a
 * static, so this holds for the whole process; a worker has no other use of JGit.
 */
final class GitEnvironment extends SystemReader.Delegate {

  private static final AtomicBoolean ISOLATED = new AtomicBoolean();

  GitEnvironment(SystemReader machine) {
    super(machine);
  }

  static void isolate() {
    if (ISOLATED.compareAndSet(false, true)) {
      SystemReader.setInstance(new GitEnvironment(SystemReader.getInstance()));
    }
  }

  @Override
  public @Nullable String getenv(String variable) {
    boolean foreign = variable.startsWith("GIT_") || variable.equals("XDG_CONFIG_HOME");
    return foreign ? null : super.getenv(variable);
  }

  @Override
  public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
    return new EmptyConfig(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
    return new EmptyConfig(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
    return new EmptyConfig(parent, fs);
  }

  /** Has no file: reads nothing, and what JGit wants to remember in it is forgotten. */
  private static final class EmptyConfig extends FileBasedConfig {

    EmptyConfig(@Nullable Config parent, FS fs) {
      super(parent, null, fs);
    }

    @Override
    public void load() {}

    @Override
    public void save() {}

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
