"""What a message means beside what is on screen: the model's reading, mended by what a few sure words say."""
