package dev.holdfast.worker.container;

import dev.holdfast.runtime.file.AtomicFile;
import dev.holdfast.worker.process.ControlFile;
import dev.holdfast.worker.process.ProcessIdentity;
import dev.holdfast.worker.process.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file {@code container}: which container runs the attempt. Written before the engine is asked
 * to make it, and again once it runs.
 *
 * @param generation 1, and one more each time that the command was started again
 * @param init the container's first process, as this machine sees it; empty until it is known
 * @param replacing whether it is proven gone, and its remains are being taken away for the next
 */
record ContainerRecord(
    String name, int generation, Optional<ProcessIdentity> init, boolean replacing) {
  static final String FILE = "container";

  ContainerRecord withInit(ProcessIdentity process) {
    return new ContainerRecord(name, generation, Optional.of(process), replacing);
  }

  ContainerRecord nowReplacing() {
    return new ContainerRecord(name, generation, init, true);
  }

  static ContainerRecord of(String name, int generation) {
    return new ContainerRecord(name, generation, Optional.empty(), false);
  }

  static Reading<ContainerRecord> read(Path runDirectory) throws IOException {
    return Reading.of(
        runDirectory.resolve(FILE),
        bytes -> ControlFile.parse(FILE, bytes).map(ContainerRecord::from));
  }

  static boolean exists(Path runDirectory) {
    return Files.exists(runDirectory.resolve(FILE));
  }

  private static ContainerRecord from(ControlFile file) {
    Optional<ProcessIdentity> init =
        file.optionalNumber("pid").isEmpty()
            ? Optional.empty()
            : Optional.of(
                new ProcessIdentity(
                    file.text("boot_id"), file.number("pid"), file.number("start")));
    return new ContainerRecord(
        file.text("name"), (int) file.number("generation"), init, file.number("replacing") == 1);
  }

  void write(Path runDirectory) throws IOException {
    ControlFile file =
        ControlFile.named(FILE)
            .with("name", name)
            .with("generation", generation)
            .with("replacing", replacing ? 1 : 0);
    if (init.isPresent()) {
      ProcessIdentity process = init.get();
      file =
          file.with("boot_id", process.bootId())
              .with("pid", process.pid())
              .with("start", process.startTicks());
    }
    AtomicFile.write(runDirectory.resolve(FILE), file.render());
  }
}
