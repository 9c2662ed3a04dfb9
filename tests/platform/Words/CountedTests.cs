namespace Outdial.Platform.Tests.Words;

public class CountedTests
{
    [Theory]
    [InlineData(0, "0 leads", "0 leads are", "0 leads wait")]
    [InlineData(1, "1 lead", "1 lead is", "1 lead waits")]
    [InlineData(2, "2 leads", "2 leads are", "2 leads wait")]
    [InlineData(12_345, "12345 leads", "12345 leads are", "12345 leads wait")]
    public void A_word_goes_by_its_number(long number, string of, string are, string wait)
    {
        Assert.Equal(of, Counted.Of(number, "lead"));
        Assert.Equal(are, Counted.Are(number, "lead"));
        Assert.Equal(wait, Counted.Do(number, "lead", "wait"));
    }

    [Fact]
    public void A_word_whose_plural_takes_more_than_an_s_brings_it() => Assert.Equal(
        ["1 try", "3 tries", "1 try is"], [Counted.Of(1, "try", "tries"), Counted.Of(3, "try", "tries"), Counted.Are(1, "try", "tries")]);
}
