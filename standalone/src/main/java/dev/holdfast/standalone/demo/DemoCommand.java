package dev.holdfast.standalone.demo;

import dev.holdfast.runtime.file.Tree;
import dev.holdfast.standalone.cli.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Start everything, run real jobs, kill what runs them, and show that the promises hold.",
      "Takes two to three minutes, ends by itself, leaves nothing running.",
    })
public final class DemoCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".holdfast/demo",
      description = "Each demo gets a directory of its own in here (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of(".holdfast/demo");

  @Option(names = "--keep", description = "Keep the directory, even if everything held.")
  private boolean keep;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Files.createDirectories(data);
    Path directory = Files.createTempDirectory(data.toAbsolutePath().normalize(), "run-");
    var story = new Story(Objects.requireNonNull(spec).commandLine().getOut());
    boolean held = new Demo(directory, story).run();
    if (held && !keep) {
      Tree.delete(directory);
    } else {
      story.tell("logs and data are kept in " + directory);
    }
    return held ? ExitCodes.OK : ExitCodes.FAILED;
  }
}
