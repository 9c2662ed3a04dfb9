using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Tests.Data;

public sealed class StoredJsonTests
{
    [Fact]
    public void What_was_stored_before_a_member_was_there_is_read_with_its_default()
    {
        var snapshot = StoredJson.Read<PacingSnapshot>("""{"mode":"notification","leadsDue":12,"blockedReason":"throttled"}""");
        var standing = StoredJson.Read<LeadStanding>("""{"state":"Waiting"}""");

        Assert.Equal(("notification", 12, null, "throttled"), (snapshot.Mode, snapshot.LeadsDue, snapshot.BlockedCode, snapshot.BlockedReason));
        Assert.Equal((LeadStates.Waiting, null), (standing.State, standing.CallBackNote));
    }
}
