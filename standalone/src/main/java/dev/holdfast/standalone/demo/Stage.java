package dev.holdfast.standalone.demo;

import dev.holdfast.standalone.cli.Api;
import dev.holdfast.standalone.supervise.Supervisor;
import dev.holdfast.standalone.up.Plan;
import java.nio.file.Path;
import java.util.Map;

/** What every scene needs. */
record Stage(Supervisor supervisor, Plan plan, Api api, Path repository, Pace pace, Story story) {

  DemoJob submit(String key, String script, Map<String, String> env) {
    return DemoJob.submit(api, key, script, repository, env, pace);
  }
}
