package dev.holdfast.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitEnvironmentTest {

  @TempDir Path temporary;

  @Test
  void hidesTheMachinesConfigurationAndEnvironment() throws Exception {
    File file = Files.writeString(temporary.resolve("config"), "[core]\nautocrlf=true\n").toFile();
    SystemReader machine = new Configured(SystemReader.getInstance(), file);
    assertThat(machine.getUserConfig().getString("core", null, "autocrlf")).isEqualTo("true");

    SystemReader isolated = new GitEnvironment(machine);

    assertThat(isolated.getUserConfig().getSections()).isEmpty();
    assertThat(isolated.getSystemConfig().getSections()).isEmpty();
    assertThat(isolated.getJGitConfig().getSections()).isEmpty();
    assertThat(isolated.getenv("GIT_DIR")).isNull();
    assertThat(isolated.getenv("HOME")).isEqualTo("HOME");
  }

  @Test
  void isInForceOnceThereAreWorkspaces() throws IOException {
    WorkspaceFixture.workspaces(temporary.toRealPath());

    assertThat(SystemReader.getInstance()).isInstanceOf(GitEnvironment.class);
  }

  /** A machine whose every configuration is the file, and whose variables have their names. */
  private static final class Configured extends SystemReader.Delegate {
    private final File file;

    Configured(SystemReader delegate, File file) {
      super(delegate);
      this.file = file;
    }

    @Override
    public String getenv(String variable) {
      return variable;
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
      return new FileBasedConfig(parent, file, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
      return new FileBasedConfig(parent, file, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
      return new FileBasedConfig(parent, file, fs);
    }
  }
}
