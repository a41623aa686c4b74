package dev.slipstream.config;

import java.util.List;

/** The files in {@code src/test/resources/tls}, as a configuration names them. */
final class Pems {
    private static final String FOLDER = "src/test/resources/tls/";
    static final String CERTIFICATE = FOLDER + "server.pem";
    static final String KEY = FOLDER + "server.key";
    static final String OTHER_KEY = FOLDER + "other.key";
    static final String LOCKED_KEY = FOLDER + "locked.key";

    private Pems() {}

    static String file(String name) {
        return FOLDER + name;
    }

    /** With the files' names in the place of {@code %CERTIFICATE%}, {@code %KEY%}, {@code %OTHER%}, {@code %LOCKED%}. */
    static String named(String text) {
        String named = text;
        for (List<String> each : List.of(
                List.of("%CERTIFICATE%", CERTIFICATE),
                List.of("%KEY%", KEY),
                List.of("%OTHER%", OTHER_KEY),
                List.of("%LOCKED%", LOCKED_KEY))) {
            named = named.replace(each.get(0), each.get(1));
        }
        return named;
    }
}
