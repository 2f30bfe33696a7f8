class Hunter {
    static final String URL = "https://api-gov.security.microsoft.us/api/advancedhunting/run";

    JsonNode rows(JsonNode answer) {
        return answer.get("Results");
    }

    // roles: AdvancedHunting.Read.All
}
