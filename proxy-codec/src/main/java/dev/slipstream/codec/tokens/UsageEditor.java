package dev.slipstream.codec.tokens;
import dev.slipstream.codec.json.*;
public final class UsageEditor { public boolean edit(JsonTree d, TokenScale s, JsonOutput o){return false;} public static boolean isUsageOnly(JsonTree c){return false;} }
