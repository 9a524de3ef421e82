package dev.holdfast.worker.disk;

import dev.holdfast.worker.run.RunDirectories;
import dev.holdfast.worker.run.Supervisor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * This worker's cgroups of attempts that have no run directory any more: somebody deleted it by
 * hand, or what was in the cgroup could not be ended in time. A token is never given twice, so the
 * name is all that there is to know one by.
 */
public final class CgroupStrays implements Stray.Finder {
  private final Supervisor supervisor;
  private final RunDirectories runs;

  public CgroupStrays(Supervisor supervisor, RunDirectories runs) {
    this.supervisor = supervisor;
    this.runs = runs;
  }

  @Override
  public List<Cgroup> find() throws IOException {
    return supervisor.strayCgroups(runs).stream().map(Cgroup::new).toList();
  }

  private final class Cgroup implements Stray {
    private final String name;

    private Cgroup(String name) {
      this.name = name;
    }

    @Override
    public String kind() {
      return "cgroup";
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String identity() {
      return name;
    }

    @Override
    public Optional<String> livingUse() throws IOException {
      return supervisor.strayCgroups(runs).contains(name)
          ? Optional.empty()
          : Optional.of("its attempt has a run directory");
    }

    @Override
    public void remove() throws IOException, InterruptedException {
      supervisor.endCgroup(name);
    }
  }
}
